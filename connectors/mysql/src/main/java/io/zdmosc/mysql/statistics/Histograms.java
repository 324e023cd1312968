package io.zdmosc.mysql.statistics;

import io.zdmosc.mysql.shadow.MappedColumn;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * MySQL's histograms of columns. A column whose type stays gets the very histogram that it had, as
 * the server's own ALTER TABLE leaves it; any other one, for which that would drop it, a new one of
 * the same size.
 */
final class Histograms {
  private static final int TAKES_DATA = 80_031;
  private static final int UPDATES_ITSELF = 80_200;

  private static final Pattern BUCKETS = Pattern.compile("\"number-of-buckets-specified\": (\\d+)");
  private static final Pattern AUTO = Pattern.compile("\"auto-update\": true");

  private static final String ALL =
      """
      SELECT COLUMN_NAME, HISTOGRAM FROM information_schema.COLUMN_STATISTICS
       WHERE SCHEMA_NAME = ? AND TABLE_NAME = ? ORDER BY COLUMN_NAME\
      """;

  private final Session session;
  private final Working working;

  Histograms(Session session, Working working) {
    this.session = session;
    this.working = working;
  }

  /** Where the two tables are. */
  record Pair(Place from, Place to) {
    record Place(String schema, String table) {}

    static Pair beforeSwap(Working working) {
      Working.Names names = working.names();
      return new Pair(
          new Place(working.source().table().schema(), working.source().table().name()),
          new Place(names.shadowSchema(), names.shadow()));
    }

    static Pair afterSwap(Working working) {
      Working.Names names = working.names();
      return new Pair(
          new Place(names.retiredSchema(), names.retired()),
          new Place(working.source().table().schema(), working.spec().finalName()));
    }
  }

  /** Gives the other table those that it lacks; in words, which it cannot have. */
  List<String> carry(Pair pair) throws SQLException {
    Map<String, String> wanted = read(pair.from());
    List<String> left = new ArrayList<>();
    if (wanted.isEmpty()) {
      return left;
    }
    Map<String, String> present = read(pair.to());
    for (MappedColumn column : working.spec().columns()) {
      String histogram = column.source() == null ? null : wanted.get(column.source().name());
      if (histogram != null && !present.containsKey(column.column().name())) {
        carry(pair.to(), column, histogram).ifPresent(left::add);
      }
    }
    return left;
  }

  private Map<String, String> read(Pair.Place place) throws SQLException {
    Map<String, String> histograms = new LinkedHashMap<>();
    session.query(
        ALL,
        row -> histograms.put(row.getString(1), row.getString(2)),
        place.schema(),
        place.table());
    return histograms;
  }

  private Optional<String> carry(Pair.Place to, MappedColumn column, String histogram)
      throws SQLException {
    String update =
        Sql.name(to.schema(), to.table())
            + " UPDATE HISTOGRAM ON "
            + Sql.name(column.column().name());
    boolean same = column.source().sameType(column.column());
    List<String> errors = List.of("");
    if (same && session.server().isMySqlSince(TAKES_DATA)) {
      errors = TableStatistics.analyze(session, update + " USING DATA " + text(histogram));
    }
    if (!errors.isEmpty()) {
      errors = TableStatistics.analyze(session, update + built(histogram));
    }
    return errors.stream()
        .findFirst()
        .map(
            error ->
                "column "
                    + Sql.name(column.column().name())
                    + " has no histogram any more, as its predecessor had: "
                    + error);
  }

  private String built(String histogram) {
    Matcher buckets = BUCKETS.matcher(histogram);
    String size = buckets.find() ? " WITH " + buckets.group(1) + " BUCKETS" : "";
    boolean updated =
        session.server().isMySqlSince(UPDATES_ITSELF) && AUTO.matcher(histogram).find();
    return size + (updated ? " AUTO UPDATE" : "");
  }

  /** Here the server takes no literal but a plain one. */
  private static String text(String json) {
    return "'" + json.replace("\\", "\\\\").replace("'", "''") + "'";
  }
}
