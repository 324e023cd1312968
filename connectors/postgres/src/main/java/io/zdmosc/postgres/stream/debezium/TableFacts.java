package io.zdmosc.postgres.stream.debezium;

import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.Sql;
import java.sql.SQLException;
import java.util.List;

/**
 * What the catalog says about the columns that a publication carries.
 *
 * @param schema the table's schema
 * @param name the table's name
 * @param columns the published columns, and the key's in any case
 * @param labellessEnums types of the category of enums that have no labels of their own
 */
record TableFacts(String schema, String name, List<Column> columns, List<String> labellessEnums) {

  /** What a column's type is, below any domains. */
  enum Kind {
    BUILT_IN,
    ENUM,
    CITEXT,
    OTHER
  }

  /**
   * A column.
   *
   * @param name its name
   * @param key whether it belongs to the identity
   * @param declaredType the name of its type, perhaps a domain
   * @param rootType the name of the type below all domains
   * @param kind what the root type is
   * @param ambiguous whether another type of the database has the declared type's name
   */
  record Column(
      String name,
      boolean key,
      String declaredType,
      String rootType,
      Kind kind,
      boolean ambiguous) {}

  private static final String COLUMNS =
      """
      WITH RECURSIVE col AS (
        SELECT a.attname, a.attnum, a.atttypid,
               a.attname = ANY (?::name[]) AS key,
               coalesce(to_jsonb(p) -> 'attnames' @> to_jsonb(a.attname::text), true) AS published
        FROM pg_attribute a
        JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_publication_tables p
          ON p.pubname = ?::name AND p.schemaname = n.nspname AND p.tablename = c.relname
        WHERE n.nspname = ?::name AND c.relname = ?::name AND a.attnum > 0 AND NOT a.attisdropped
      ), chain AS (
        SELECT t.oid AS declared, t.oid, t.typname, t.typtype, t.typbasetype, t.typnamespace
        FROM pg_type t WHERE t.oid IN (SELECT atttypid FROM col)
        UNION ALL
        SELECT chain.declared, t.oid, t.typname, t.typtype, t.typbasetype, t.typnamespace
        FROM chain JOIN pg_type t ON t.oid = chain.typbasetype WHERE chain.typtype = 'd'
      )
      SELECT col.attname, col.key, declared.typname AS declared, root.typname AS root,
             CASE WHEN root.typtype = 'e' THEN 'ENUM'
                  WHEN root.typtype = 'b' AND root.typnamespace = 'pg_catalog'::regnamespace
                  THEN 'BUILT_IN'
                  WHEN EXISTS (SELECT FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
                               WHERE d.classid = 'pg_type'::regclass AND d.objid = root.oid
                                 AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
                                 AND e.extname = 'citext' AND root.typname = 'citext')
                  THEN 'CITEXT'
                  ELSE 'OTHER' END AS kind,
             (SELECT count(*) > 1 FROM pg_type t WHERE t.typname = declared.typname) AS ambiguous
      FROM col
      JOIN pg_type declared ON declared.oid = col.atttypid
      JOIN chain root ON root.declared = col.atttypid AND root.typtype <> 'd'
      WHERE col.published OR col.key
      ORDER BY col.attnum
      """;

  private static final String LABELLESS_ENUMS =
      """
      SELECT t.oid::regtype::text FROM pg_type t
      WHERE t.typcategory = 'E' AND NOT EXISTS (SELECT FROM pg_enum e WHERE e.enumtypid = t.oid)
      ORDER BY 1
      """;

  /**
   * Reads the catalog.
   *
   * @param keyColumns the names of the identity's columns
   * @param publication the publication's name; where it does not exist all columns count as
   *     published
   */
  static TableFacts read(
      Session session, String schema, String table, List<String> keyColumns, String publication)
      throws SQLException {
    return new TableFacts(
        schema,
        table,
        session.query(
            COLUMNS,
            row ->
                new Column(
                    row.getString("attname"),
                    row.getBoolean("key"),
                    row.getString("declared"),
                    row.getString("root"),
                    Kind.valueOf(row.getString("kind")),
                    row.getBoolean("ambiguous")),
            Sql.array(keyColumns),
            publication,
            schema,
            table),
        session.query(LABELLESS_ENUMS, row -> row.getString(1)));
  }
}
