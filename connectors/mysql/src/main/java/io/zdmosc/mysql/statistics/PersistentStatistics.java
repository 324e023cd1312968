package io.zdmosc.mysql.statistics;

import io.zdmosc.mysql.shadow.MappedColumn;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.Sql;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * MariaDB's statistics that {@code ANALYZE TABLE ... PERSISTENT} gathers, histograms among them.
 * They are gathered anew from the new table's rows, for what they were there for. Who may not read
 * the tables in which the server keeps them cannot know of them.
 */
public final class PersistentStatistics {
  private static final String COLUMNS =
      "SELECT column_name FROM mysql.column_stats WHERE db_name = ? AND table_name = ?";
  private static final String INDEXES =
      "SELECT DISTINCT index_name FROM mysql.index_stats WHERE db_name = ? AND table_name = ?";

  /** Of a JSON histogram the size says how many parts it has come to, not how many it may. */
  private static final String HISTOGRAM =
      """
      SELECT hist_type, IF(hist_type = 'JSON_HB', GREATEST(hist_size, @@GLOBAL.histogram_size), hist_size)
        FROM mysql.column_stats
       WHERE db_name = ? AND table_name = ? AND hist_size > 0 AND hist_type IS NOT NULL
       ORDER BY hist_size DESC LIMIT 1\
      """;

  private final Session session;
  private final Working working;

  PersistentStatistics(Session session, Working working) {
    this.session = session;
    this.working = working;
  }

  /** What somebody has had gathered. */
  private record Gathered(List<String> columns, List<String> indexes) {
    boolean isNothing() {
      return columns.isEmpty() && indexes.isEmpty();
    }
  }

  /** True when the user can know whether there are any. */
  public static boolean canBeSeen(Session session) throws SQLException {
    try {
      read(session, "", "");
      return true;
    } catch (SQLException e) {
      if (Failures.isDenied(e)) {
        return false;
      }
      throw e;
    }
  }

  private static Gathered read(Session session, String schema, String table) throws SQLException {
    return new Gathered(
        session.query(COLUMNS, row -> row.getString(1), schema, table),
        session.query(INDEXES, row -> row.getString(1), schema, table));
  }

  /** Analyses the shadow, with as much of these as the source has. */
  void gather() throws SQLException {
    String persistent = "";
    if (canBeSeen(session)) {
      String schema = working.source().table().schema();
      String table = working.source().table().name();
      Gathered gathered = read(session, schema, table);
      if (!gathered.isNothing()) {
        useHistogramsOf(schema, table);
        persistent =
            " PERSISTENT FOR COLUMNS " + columns(gathered) + " INDEXES " + indexes(gathered);
      }
    }
    TableStatistics.analyze(session, working.shadowSql() + persistent);
  }

  private void useHistogramsOf(String schema, String table) throws SQLException {
    record Kind(String type, int size) {}

    Optional<Kind> kind =
        session.first(HISTOGRAM, row -> new Kind(row.getString(1), row.getInt(2)), schema, table);
    session.execute(
        kind.map(
                k ->
                    "SET SESSION histogram_type = "
                        + Sql.literal(k.type())
                        + ", histogram_size = "
                        + k.size())
            .orElse("SET SESSION histogram_size = 0"));
  }

  private String columns(Gathered gathered) {
    boolean all =
        working.source().columns().stream().allMatch(c -> gathered.columns().contains(c.name()));
    return all
        ? "ALL"
        : list(
            working.spec().columns().stream()
                .filter(c -> c.source() != null)
                .filter(c -> gathered.columns().contains(c.source().name()))
                .map(MappedColumn::column)
                .map(c -> c.name())
                .toList());
  }

  /** One that the change has renamed is not known again. */
  private String indexes(Gathered gathered) {
    boolean all =
        working.source().indexes().stream().allMatch(i -> gathered.indexes().contains(i.name()));
    return all
        ? "ALL"
        : list(
            working.spec().indexes().stream()
                .map(index -> index.name())
                .filter(gathered.indexes()::contains)
                .toList());
  }

  private static String list(List<String> names) {
    return "(" + Sql.names(names) + ")";
  }

  /** What the table that serves lacks and the retired one has, in words. */
  List<String> missing() throws SQLException {
    if (!canBeSeen(session)) {
      return List.of();
    }
    Working.Names names = working.names();
    String schema = working.source().table().schema();
    String table = working.spec().finalName();
    boolean lost =
        !read(session, names.retiredSchema(), names.retired()).isNothing()
            && read(session, schema, table).isNothing();
    return lost
        ? List.of(
            "the new table has no persistent statistics, as the old one had; to do: ANALYZE TABLE "
                + Sql.name(schema, table)
                + " PERSISTENT FOR ALL")
        : List.of();
  }
}
