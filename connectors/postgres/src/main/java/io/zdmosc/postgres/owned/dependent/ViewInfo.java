package io.zdmosc.postgres.owned.dependent;

import io.zdmosc.postgres.sql.Sql;
import java.util.List;

/**
 * A view by the catalog.
 *
 * @param kind {@code pg_class.relkind}: v or m
 * @param definition the query, with every name qualified
 * @param options as in {@code WITH (...)}; empty for none
 * @param method the access method of one that keeps rows, else empty
 * @param tablespace likewise; empty for the database's own
 * @param populated false for one that has to be refreshed before it can be read
 * @param bytes that its rows and indexes take up
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
    String method,
    String tablespace,
    boolean populated,
    long bytes,
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

  /** The same under another name. */
  ViewInfo named(RelationName other) {
    return new ViewInfo(
        oid,
        other,
        kind,
        owner,
        definition,
        options,
        method,
        tablespace,
        populated,
        bytes,
        shape,
        nothing,
        temporary,
        extension,
        references);
  }

  /** Makes one like it for another query, without rows where it keeps any. */
  String createBeside(String as) {
    if (!isMaterialized()) {
      return create(as, false);
    }
    return "CREATE MATERIALIZED VIEW "
        + sql()
        + " USING "
        + Sql.name(method)
        + with()
        + (tablespace.isEmpty() ? "" : " TABLESPACE " + Sql.name(tablespace))
        + " AS "
        + as
        + " WITH NO DATA";
  }

  private String with() {
    return options.isEmpty() ? "" : " WITH (" + options + ")";
  }

  /** Makes it, or gives the one that is there another query for the same columns. */
  String create(String as, boolean replace) {
    return "CREATE " + (replace ? "OR REPLACE " : "") + "VIEW " + sql() + with() + " AS " + as;
  }
}
