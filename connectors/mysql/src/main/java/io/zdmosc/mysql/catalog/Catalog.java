package io.zdmosc.mysql.catalog;

import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.mysql.sql.Server;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what the server says about tables. */
public final class Catalog {
  private static final String TABLE =
      """
      SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, COALESCE(ENGINE, ''),
             COALESCE(CAST(UNIX_TIMESTAMP(CREATE_TIME) AS CHAR), ''), COALESCE(CAST(AUTO_INCREMENT AS CHAR), ''),
             COALESCE(TABLE_ROWS, 0), COALESCE(DATA_LENGTH, 0), COALESCE(INDEX_LENGTH, 0)
        FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?\
      """;

  private static final String COLUMNS =
      """
      SELECT ORDINAL_POSITION, COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, CHARACTER_SET_NAME,
             COLLATION_NAME, IS_NULLABLE = 'NO', COLUMN_DEFAULT, EXTRA
        FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?
       ORDER BY ORDINAL_POSITION\
      """;

  private static final String INDEXES =
      """
      SELECT INDEX_NAME, NON_UNIQUE = 0, INDEX_TYPE, COLUMN_NAME, COALESCE(SUB_PART, 0),
             COALESCE(COLLATION, 'A') = 'D', %s
        FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?
       ORDER BY INDEX_NAME, SEQ_IN_INDEX\
      """;

  private static final String TRIGGERS =
      """
      SELECT TRIGGER_NAME, ACTION_TIMING, EVENT_MANIPULATION, SQL_MODE, CHARACTER_SET_CLIENT,
             COLLATION_CONNECTION, DATABASE_COLLATION
        FROM information_schema.TRIGGERS
       WHERE EVENT_OBJECT_SCHEMA = ? AND EVENT_OBJECT_TABLE = ?
       ORDER BY ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER\
      """;

  /** InnoDB's own list: the one of the standard leaves out what the user has no rights on. */
  private static final String MYSQL_REFERRING =
      """
      SELECT CONCAT(SUBSTRING(ID, LOCATE('/', ID) + 1), ' of ', REPLACE(FOR_NAME, '/', '.'))
        FROM information_schema.INNODB_FOREIGN WHERE REF_NAME = CONCAT(?, '/', ?) ORDER BY 1\
      """;

  private static final String MYSQL_ACTIONS =
      """
      SELECT CONCAT(ID, ' ', TYPE) FROM information_schema.INNODB_FOREIGN
       WHERE REF_NAME = CONCAT(?, '/', ?) ORDER BY 1\
      """;

  /** There, names are written as those of files. */
  private static final String MARIADB_REFERRING =
      """
      SELECT CONCAT(
               CONVERT(SUBSTRING(ID, LOCATE('/', ID) + 1) USING utf8mb4), ' of ',
               CONVERT(CONVERT(CAST(SUBSTRING_INDEX(FOR_NAME, '/', 1) AS BINARY) USING filename)
                       USING utf8mb4), '.',
               CONVERT(CONVERT(CAST(SUBSTRING_INDEX(FOR_NAME, '/', -1) AS BINARY) USING filename)
                       USING utf8mb4))
        FROM information_schema.INNODB_SYS_FOREIGN
       WHERE CAST(REF_NAME AS BINARY) = CONCAT(CAST(CONVERT(? USING filename) AS BINARY), '/',
                                               CAST(CONVERT(? USING filename) AS BINARY))
       ORDER BY 1\
      """;

  private static final String MARIADB_ACTIONS =
      """
      SELECT CONCAT(CONVERT(ID USING utf8mb4), ' ', TYPE)
        FROM information_schema.INNODB_SYS_FOREIGN
       WHERE CAST(REF_NAME AS BINARY) = CONCAT(CAST(CONVERT(? USING filename) AS BINARY), '/',
                                               CAST(CONVERT(? USING filename) AS BINARY))
       ORDER BY 1\
      """;

  private static final String REFERENCE_SYSTEMS =
      """
      SELECT G_GEOMETRY_COLUMN, SRID FROM information_schema.GEOMETRY_COLUMNS
       WHERE G_TABLE_SCHEMA = ? AND G_TABLE_NAME = ? AND SRID <> 0\
      """;

  /** What a driver puts in the place of bytes that it cannot read. */
  private static final char UNREADABLE = '\uFFFD';

  private final Session session;

  public Catalog(Session session) {
    this.session = session;
  }

  public Optional<TableInfo> table(String schema, String name) throws SQLException {
    freshStatistics(session.server());
    return session.first(
        TABLE,
        row ->
            new TableInfo(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getLong(7),
                row.getLong(8),
                row.getLong(9)),
        schema,
        name);
  }

  /** MySQL keeps what it says about sizes and AUTO_INCREMENT for a day. */
  private void freshStatistics(Server server) throws SQLException {
    if (!server.mariaDb()) {
      session.execute("SET SESSION information_schema_stats_expiry = 0");
    }
  }

  public List<ColumnInfo> columns(String schema, String name) throws SQLException {
    return session.query(
        COLUMNS,
        row ->
            new ColumnInfo(
                row.getInt(1),
                row.getString(2),
                row.getString(3).toLowerCase(Locale.ROOT),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getBoolean(7),
                row.getString(8),
                String.valueOf(row.getString(9))),
        schema,
        name);
  }

  private record Row(
      String index, boolean unique, String type, boolean visible, IndexInfo.Part part) {}

  public List<IndexInfo> indexes(String schema, String name) throws SQLException {
    Map<String, List<Row>> byName = new LinkedHashMap<>();
    session
        .query(
            INDEXES.formatted(session.server().mariaDb() ? "IGNORED = 'NO'" : "IS_VISIBLE = 'YES'"),
            row ->
                new Row(
                    row.getString(1),
                    row.getBoolean(2),
                    row.getString(3),
                    row.getBoolean(7),
                    new IndexInfo.Part(row.getString(4), row.getLong(5), row.getBoolean(6))),
            schema,
            name)
        .forEach(row -> byName.computeIfAbsent(row.index(), n -> new ArrayList<>()).add(row));
    return byName.values().stream()
        .map(
            rows ->
                new IndexInfo(
                    rows.get(0).index(),
                    rows.get(0).unique(),
                    rows.get(0).type(),
                    rows.get(0).visible(),
                    rows.stream().map(Row::part).toList()))
        .toList();
  }

  /** The table's triggers; those that run at the same moment stand in the order of running. */
  public List<TriggerInfo> triggers(String schema, String table) throws SQLException {
    List<TriggerInfo> triggers = new ArrayList<>();
    for (TriggerInfo bare : session.query(TRIGGERS, Catalog::trigger, schema, table)) {
      String definition =
          session
              .first("SHOW CREATE TRIGGER " + Sql.name(schema, bare.name()), r -> r.getString(3))
              .orElseThrow();
      triggers.add(
          new TriggerInfo(
              bare.name(),
              bare.timing(),
              bare.event(),
              definition,
              bare.sqlMode(),
              bare.charset(),
              bare.collation(),
              bare.databaseCollation()));
    }
    return triggers;
  }

  /** Foreign keys of any table that refer to this one, in words, also where the user sees none. */
  public List<String> referringKeys(String schema, String table) throws SQLException {
    return session.query(
        session.server().mariaDb() ? MARIADB_REFERRING : MYSQL_REFERRING,
        row -> row.getString(1),
        schema,
        table);
  }

  /** The same with what the keys do, as InnoDB notes it. */
  public List<String> referringActions(String schema, String table) throws SQLException {
    return session.query(
        session.server().mariaDb() ? MARIADB_ACTIONS : MYSQL_ACTIONS,
        row -> row.getString(1),
        schema,
        table);
  }

  private static TriggerInfo trigger(ResultSet row) throws SQLException {
    return new TriggerInfo(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        "",
        row.getString(4),
        row.getString(5),
        row.getString(6),
        row.getString(7));
  }

  /**
   * The statement that makes the table.
   *
   * @throws RefusedException when it holds bytes that are no text, which no client can give back:
   *     MariaDB writes a binary default so
   */
  public String createTable(String schema, String name) throws SQLException {
    session.execute("SET SESSION sql_quote_show_create = 1");
    String statement =
        session
            .first("SHOW CREATE TABLE " + Sql.name(schema, name), row -> row.getString(2))
            .orElseThrow();
    if (statement.indexOf(UNREADABLE) >= 0) {
      throw RefusedException.of(
          "definition of " + Sql.name(schema, name),
          "holds bytes that are no text, such as a binary DEFAULT, and would not come out the same",
          "Use a default that is text, or an expression such as (UNHEX('00FF')).");
    }
    return session.server().mariaDb() ? withReferenceSystems(schema, name, statement) : statement;
  }

  /** MariaDB does not show them. */
  private String withReferenceSystems(String schema, String name, String statement)
      throws SQLException {
    record Spatial(String column, long srid) {}

    String whole = statement;
    for (Spatial spatial :
        session.query(
            REFERENCE_SYSTEMS,
            row -> new Spatial(row.getString(1), row.getLong(2)),
            schema,
            name)) {
      String column = Pattern.quote("\n  " + Sql.name(spatial.column()) + " ") + "\\w+";
      whole =
          Pattern.compile(column)
              .matcher(whole)
              .replaceFirst(
                  type ->
                      Matcher.quoteReplacement(type.group() + " REF_SYSTEM_ID=" + spatial.srid()));
    }
    return whole;
  }
}
