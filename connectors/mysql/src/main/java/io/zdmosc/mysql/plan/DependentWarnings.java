package io.zdmosc.mysql.plan;

import io.zdmosc.mysql.catalog.ColumnInfo;
import io.zdmosc.mysql.catalog.TableInfo;
import io.zdmosc.mysql.shadow.ShadowSpec;
import io.zdmosc.mysql.shadow.SourceTable;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.Sql;
import io.zdmosc.mysql.statistics.PersistentStatistics;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Says what names the table or its columns and will not fit when the change is done: views, and
 * grants on columns. The server's own ALTER TABLE leaves them as they are too, without a word.
 */
final class DependentWarnings {
  private static final String COLUMN_GRANTS =
      """
      SELECT User, Host, Column_name FROM mysql.columns_priv
       WHERE Db = ? AND Table_name = ? ORDER BY User, Host, Column_name\
      """;

  private static final String TABLE_GRANTS =
      """
      SELECT User, Host FROM mysql.tables_priv
       WHERE Db = ? AND Table_name = ? AND Table_priv <> '' ORDER BY 1, 2\
      """;

  private final Session session;
  private final TableInfo table;
  private final boolean renamed;
  private final List<String> lost;

  DependentWarnings(Session session, SourceTable source, ShadowSpec spec) {
    this.session = session;
    this.table = source.table();
    this.renamed = !spec.finalName().equals(table.name());
    this.lost =
        source.columns().stream()
            .map(ColumnInfo::name)
            .filter(
                name ->
                    spec.continuing(name)
                        .filter(c -> c.column().name().equalsIgnoreCase(name))
                        .isEmpty())
            .toList();
  }

  List<String> find() throws SQLException {
    List<String> warnings = new ArrayList<>();
    if (renamed || !lost.isEmpty()) {
      new Views(session, table).find().forEach(view -> look(view, warnings));
      columnGrants(warnings);
    }
    if (renamed) {
      tableGrants(warnings);
    }
    if (session.server().mariaDb() && !PersistentStatistics.canBeSeen(session)) {
      warnings.add(
          "whether ANALYZE TABLE ... PERSISTENT has gathered statistics of the table cannot be"
              + " seen; the new table will have none: GRANT SELECT ON mysql.column_stats and ON"
              + " mysql.index_stats, or gather them again afterwards");
    }
    return warnings;
  }

  private void look(Views.View view, List<String> warnings) {
    String subject = "view " + Sql.name(view.schema(), view.name());
    if (renamed) {
      warnings.add(
          subject
              + " names the table, which the change renames: it fails from the swap on, as after"
              + " ALTER TABLE, until it is made anew");
      return;
    }
    if (view.definition().isEmpty()) {
      warnings.add(
          subject
              + " may use the table; whether it names a column that the change drops or renames"
              + " cannot be seen without the privilege SHOW VIEW");
      return;
    }
    List<String> named = lost.stream().filter(view::names).map(Sql::name).toList();
    if (!named.isEmpty()) {
      warnings.add(
          subject
              + " uses the table and names "
              + String.join(", ", named)
              + ", which the change drops or renames: it fails from the swap on, as after ALTER"
              + " TABLE, until it is made anew");
    }
  }

  private void columnGrants(List<String> warnings) throws SQLException {
    record Grant(String user, String host, String column) {}

    try {
      session
          .query(
              COLUMN_GRANTS,
              row -> new Grant(row.getString(1), row.getString(2), row.getString(3)),
              table.schema(),
              table.name())
          .stream()
          .filter(grant -> renamed || lost.stream().anyMatch(grant.column()::equalsIgnoreCase))
          .forEach(
              grant ->
                  warnings.add(
                      "user "
                          + account(grant.user(), grant.host())
                          + " has privileges on column "
                          + Sql.name(grant.column())
                          + " by this name, which stay with it, as with ALTER TABLE: GRANT them on"
                          + " the new name"));
    } catch (SQLException e) {
      throwUnlessDenied(e); // then the documentation has to do
    }
  }

  private void tableGrants(List<String> warnings) throws SQLException {
    record Grant(String user, String host) {}

    try {
      session
          .query(
              TABLE_GRANTS,
              row -> new Grant(row.getString(1), row.getString(2)),
              table.schema(),
              table.name())
          .forEach(
              grant ->
                  warnings.add(
                      "user "
                          + account(grant.user(), grant.host())
                          + " has privileges on the table by this name, which stay with it, as"
                          + " with ALTER TABLE: GRANT them on the new name"));
    } catch (SQLException e) {
      throwUnlessDenied(e);
    }
  }

  private static String account(String user, String host) {
    return Sql.literal(user) + "@" + Sql.literal(host);
  }

  private static void throwUnlessDenied(SQLException e) throws SQLException {
    if (!Failures.isDenied(e)) {
      throw e;
    }
  }
}
