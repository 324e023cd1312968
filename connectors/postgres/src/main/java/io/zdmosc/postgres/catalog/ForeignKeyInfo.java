package io.zdmosc.postgres.catalog;

import java.util.ArrayList;
import java.util.List;

/**
 * A foreign key by the catalog, in the parts that its definition is put together from: so that it
 * can be written for other names of its columns and its tables.
 *
 * @param parent the {@code oid} of the partitioned table's key that it belongs to, or 0
 * @param from the table that refers
 * @param kind {@code pg_class.relkind} of that table
 * @param owner of that table
 * @param to the table that is referred to
 * @param emptied the columns behind {@code SET NULL} or {@code SET DEFAULT}; empty for all
 * @param period whether the last column is compared by containment
 * @param actions from {@code MATCH} on, with a space before each, or empty
 * @param deferral likewise
 * @param definition by {@code pg_get_constraintdef}
 * @param comment null for none
 */
public record ForeignKeyInfo(
    long oid,
    String name,
    long parent,
    Side from,
    char kind,
    String owner,
    Side to,
    List<Integer> emptied,
    boolean period,
    String actions,
    String deferral,
    boolean enforced,
    boolean validated,
    String definition,
    String comment) {

  /**
   * One of the two tables.
   *
   * @param table its {@code oid}
   * @param sql its qualified name
   * @param columns the {@code attnum}s, in the order of the key
   * @param names of the same, as SQL has them
   */
  public record Side(long table, String sql, List<Integer> columns, List<String> names) {
    public Side {
      columns = List.copyOf(columns);
      names = List.copyOf(names);
    }

    /** The same with other names, as SQL has them. */
    public Side named(String table, List<String> columns) {
      return new Side(this.table, table, this.columns, columns);
    }
  }

  public ForeignKeyInfo {
    emptied = List.copyOf(emptied);
  }

  public boolean isPartitioned() {
    return kind == 'p';
  }

  /** Whether the table is one of its two. */
  public boolean isOf(long table) {
    return from.table() == table || to.table() == table;
  }

  /** The same with other names of its tables and columns. */
  public ForeignKeyInfo between(Side from, Side to) {
    return new ForeignKeyInfo(
        oid,
        name,
        parent,
        from,
        kind,
        owner,
        to,
        emptied,
        period,
        actions,
        deferral,
        enforced,
        validated,
        definition,
        comment);
  }

  /** Whether this knows all that the server says of the key. */
  public boolean isExact() {
    String state = enforced && !validated ? " NOT VALID" : "";
    return definition.equals(definition(from, to) + state);
  }

  /**
   * From {@code FOREIGN KEY} on, without {@code NOT VALID}, for other names of the same tables and
   * columns.
   */
  public String definition(Side from, Side to) {
    return "FOREIGN KEY ("
        + list(from.names())
        + ") REFERENCES "
        + to.sql()
        + "("
        + list(to.names())
        + ")"
        + actions
        + emptied(from)
        + deferral
        + (enforced ? "" : " NOT ENFORCED");
  }

  private String list(List<String> names) {
    List<String> words = new ArrayList<>(names);
    if (period) {
      words.add("PERIOD " + words.remove(words.size() - 1));
    }
    return String.join(", ", words);
  }

  private String emptied(Side from) {
    if (emptied.isEmpty()) {
      return "";
    }
    List<String> names =
        emptied.stream().map(number -> from.names().get(from.columns().indexOf(number))).toList();
    return " (" + String.join(", ", names) + ")";
  }
}
