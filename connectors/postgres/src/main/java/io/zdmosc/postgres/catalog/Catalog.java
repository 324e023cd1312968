package io.zdmosc.postgres.catalog;

import io.zdmosc.postgres.sql.Session;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads the catalog on one session. The caller sees to it that the search path is empty ({@code SET
 * LOCAL search_path = pg_catalog}), so that every definition comes fully qualified.
 */
public final class Catalog {
  private final Session session;

  public Catalog(Session session) {
    this.session = session;
  }

  /** The table that this text names for the session's own search path. */
  public Optional<Long> resolve(String table) throws SQLException {
    return session.text("SELECT to_regclass(?::text)::oid::text", table).map(Long::valueOf);
  }

  public Optional<TableInfo> table(long oid) throws SQLException {
    return session.first(
        CatalogSql.TABLE,
        row ->
            new TableInfo(
                row.getLong("oid"),
                row.getString("schema"),
                row.getString("name"),
                row.getString("kind").charAt(0),
                row.getString("persistence").charAt(0),
                row.getString("replident").charAt(0),
                row.getString("owner"),
                row.getString("access_method"),
                row.getString("options"),
                row.getString("tablespace"),
                row.getString("comment"),
                row.getLong("rows"),
                row.getLong("table_bytes"),
                row.getLong("index_bytes")),
        oid);
  }

  public List<ColumnInfo> columns(long oid) throws SQLException {
    return session.query(
        CatalogSql.COLUMNS,
        row ->
            new ColumnInfo(
                row.getInt("number"),
                row.getString("name"),
                row.getString("type"),
                row.getString("base_type"),
                row.getString("type_name"),
                row.getString("type_schema"),
                row.getString("send_function"),
                row.getString("collation"),
                row.getBoolean("deterministic"),
                row.getBoolean("not_null"),
                row.getString("identity").trim(),
                row.getString("generated").trim(),
                row.getString("expression"),
                row.getBoolean("volatile"),
                (Integer) row.getObject("statistics"),
                row.getString("options")),
        oid);
  }

  public List<IndexInfo> indexes(long oid) throws SQLException {
    return session.query(CatalogSql.INDEXES, Catalog::index, oid);
  }

  private static IndexInfo index(ResultSet row) throws SQLException {
    return new IndexInfo(
        row.getLong("oid"),
        row.getString("name"),
        row.getString("definition"),
        row.getBoolean("is_primary"),
        row.getBoolean("is_unique"),
        row.getBoolean("is_valid"),
        row.getBoolean("is_immediate"),
        row.getBoolean("is_partial"),
        row.getBoolean("is_clustered"),
        row.getBoolean("is_identity"),
        integers(row.getArray("key_columns")),
        Arrays.asList((Boolean[]) row.getArray("descending").getArray()),
        row.getString("con_name"),
        Optional.ofNullable(row.getString("con_type")).orElse(""),
        row.getString("con_definition"),
        row.getBoolean("is_deferrable"),
        row.getBoolean("is_deferred"),
        row.getString("tablespace"),
        row.getString("comment"),
        row.getString("con_comment"),
        strings(row.getArray("statistics")),
        strings(row.getArray("extensions")),
        row.getBoolean("is_partitioned"));
  }

  /** Check constraints, foreign keys and, from version 18 on, not-null constraints. */
  public List<ConstraintInfo> constraints(long oid) throws SQLException {
    return session.query(
        CatalogSql.CONSTRAINTS,
        row ->
            new ConstraintInfo(
                row.getLong("oid"),
                row.getString("name"),
                row.getString("type"),
                row.getString("definition"),
                row.getBoolean("validated"),
                integers(row.getArray("columns")),
                row.getLong("referenced"),
                row.getString("comment")),
        oid);
  }

  /** The foreign keys of a table, its own parts of a partitioned table's included. */
  public List<ForeignKeyInfo> foreignKeys(long oid) throws SQLException {
    return session.query(
        CatalogSql.FOREIGN_KEYS.replace("{side}", "conrelid"), Catalog::foreignKey, oid);
  }

  /** The foreign keys that refer to a table, in the order of creation. */
  public List<ForeignKeyInfo> foreignKeysTo(long oid) throws SQLException {
    return session.query(
        CatalogSql.FOREIGN_KEYS.replace("{side}", "confrelid"), Catalog::foreignKey, oid);
  }

  private static ForeignKeyInfo foreignKey(ResultSet row) throws SQLException {
    return new ForeignKeyInfo(
        row.getLong("oid"),
        row.getString("name"),
        row.getLong("parent"),
        new ForeignKeyInfo.Side(
            row.getLong("table_oid"),
            row.getString("table_sql"),
            integers(row.getArray("columns")),
            strings(row.getArray("column_names"))),
        row.getString("kind").charAt(0),
        row.getString("owner"),
        new ForeignKeyInfo.Side(
            row.getLong("referenced_oid"),
            row.getString("referenced_sql"),
            integers(row.getArray("referenced")),
            strings(row.getArray("referenced_names"))),
        integers(row.getArray("emptied")),
        row.getBoolean("period"),
        row.getString("actions"),
        row.getString("deferral"),
        row.getBoolean("enforced"),
        row.getBoolean("validated"),
        row.getString("definition"),
        row.getString("comment"));
  }

  public List<SequenceInfo> sequences(long oid) throws SQLException {
    return session.query(
        CatalogSql.SEQUENCES,
        row ->
            new SequenceInfo(
                row.getLong("oid"),
                row.getString("schema"),
                row.getString("name"),
                row.getInt("number"),
                row.getBoolean("is_identity"),
                row.getString("type"),
                row.getString("comment")),
        oid);
  }

  private static List<Integer> integers(Array array) throws SQLException {
    List<Integer> list = new ArrayList<>();
    if (array != null) {
      for (Object element : (Object[]) array.getArray()) {
        list.add(((Number) element).intValue());
      }
    }
    return list;
  }

  private static List<String> strings(Array array) throws SQLException {
    return array == null ? List.of() : List.of((String[]) array.getArray());
  }
}
