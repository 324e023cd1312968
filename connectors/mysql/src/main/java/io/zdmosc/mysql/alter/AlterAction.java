package io.zdmosc.mysql.alter;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** One action of an {@code ALTER TABLE}. Names are as written, without their quotes. */
public sealed interface AlterAction {
  /** What was written. */
  String sql();

  /** {@code CHANGE COLUMN from to ...} or {@code RENAME COLUMN from TO to}. */
  record RenameColumn(String from, String to, String sql) implements AlterAction {
    public RenameColumn {
      requireNonNull(from, "from is null");
      requireNonNull(to, "to is null");
    }
  }

  /** {@code DROP COLUMN}. */
  record DropColumn(String column, String sql) implements AlterAction {}

  /** {@code ADD COLUMN}, of one or several columns. */
  record AddColumns(List<String> columns, String sql) implements AlterAction {
    public AddColumns {
      columns = List.copyOf(columns);
    }
  }

  /** {@code RENAME TO}. */
  record RenameTable(String to, String sql) implements AlterAction {}

  /** Whatever is run as it is and concerns no column's name. */
  record Plain(String sql) implements AlterAction {}
}
