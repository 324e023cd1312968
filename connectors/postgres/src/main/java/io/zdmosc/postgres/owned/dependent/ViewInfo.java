package io.zdmosc.postgres.owned.dependent;

import java.util.List;

/**
 * A view by the catalog.
 *
 * @param kind {@code pg_class.relkind}: v or m
 * @param definition the query, with every name qualified
 * @param options as in {@code WITH (...)}; empty for none
 * @param shape names and types of its columns, to be compared
 * @param nothing a query that gives the same columns and reads nothing
 * @param temporary true for one that only its own session can see
 * @param extension the extension that it belongs to, or null
 * @param references the oids of the relations that it reads or has the row types of
 */
record ViewInfo(
    long oid,
    RelationName name,
    char kind,
    String owner,
    String definition,
    String options,
    String shape,
    String nothing,
    boolean temporary,
    String extension,
    List<Long> references) {
  ViewInfo {
    references = List.copyOf(references);
  }

  String sql() {
    return name.sql();
  }

  boolean isMaterialized() {
    return kind == 'm';
  }

  /** In words. */
  String words() {
    return (isMaterialized() ? "materialized view " : "view ") + sql();
  }

  /** What SQL calls it. */
  String type() {
    return isMaterialized() ? "MATERIALIZED VIEW " : "VIEW ";
  }

  /** Makes it, or gives the one that is there another query for the same columns. */
  String create(String as, boolean replace) {
    return "CREATE "
        + (replace ? "OR REPLACE " : "")
        + "VIEW "
        + sql()
        + (options.isEmpty() ? "" : " WITH (" + options + ")")
        + " AS "
        + as;
  }
}
