package io.zdmosc.mysql.foreignkey;

import io.zdmosc.mysql.sql.QualifiedName;
import io.zdmosc.mysql.sql.Sql;
import java.util.List;
import java.util.Set;

/**
 * A foreign key.
 *
 * @param name unique among the foreign keys of the table's database
 * @param table that has it
 * @param target that it refers to
 * @param onDelete as the information schema says it; empty where it is the server's default, which
 *     differs, and which MariaDB cannot write in place
 * @param onUpdate the same
 */
public record ForeignKey(
    String name,
    QualifiedName table,
    List<String> columns,
    QualifiedName target,
    List<String> targetColumns,
    String onDelete,
    String onUpdate) {
  private static final Set<String> REFUSING = Set.of("", "NO ACTION", "RESTRICT");
  private static final String DEFAULT = "";

  public ForeignKey {
    columns = List.copyOf(columns);
    targetColumns = List.copyOf(targetColumns);
  }

  /** True when it changes or deletes rows of its table by itself. */
  public boolean acts() {
    return !REFUSING.contains(onDelete) || !REFUSING.contains(onUpdate);
  }

  public boolean isToItself() {
    return table.equals(target);
  }

  /** The same between other tables. */
  public ForeignKey between(QualifiedName newTable, QualifiedName newTarget) {
    return new ForeignKey(name, newTable, columns, newTarget, targetColumns, onDelete, onUpdate);
  }

  public ForeignKey named(String newName) {
    return new ForeignKey(newName, table, columns, target, targetColumns, onDelete, onUpdate);
  }

  /** The same to other columns. */
  public ForeignKey toColumns(List<String> newColumns) {
    return new ForeignKey(name, table, columns, target, newColumns, onDelete, onUpdate);
  }

  /** The same without actions: it only refuses. */
  public ForeignKey refusing() {
    return new ForeignKey(name, table, columns, target, targetColumns, DEFAULT, DEFAULT);
  }

  /** As a definition has it. */
  public String definition() {
    return "CONSTRAINT "
        + Sql.name(name)
        + " FOREIGN KEY ("
        + Sql.names(columns)
        + ") REFERENCES "
        + target.sql()
        + " ("
        + Sql.names(targetColumns)
        + ")"
        + (onDelete.equals(DEFAULT) ? "" : " ON DELETE " + onDelete)
        + (onUpdate.equals(DEFAULT) ? "" : " ON UPDATE " + onUpdate);
  }

  /** The name with its table's, in words. */
  public String words() {
    return name + " of " + table.schema() + "." + table.name();
  }
}
