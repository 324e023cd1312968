package io.zdmosc.mysql.statistics;

import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The statistics of the new table: fresh ones as the server itself needs them, and those that
 * somebody had made for the source. Can be run again.
 */
public final class TableStatistics {
  private static final String ERROR = "error";

  private final Session session;
  private final Working working;

  public TableStatistics(Session session, Working working) {
    this.session = session;
    this.working = working;
  }

  /** Gathers the shadow's, before the swap. What the server refuses is told after it. */
  public void refresh() throws SQLException {
    if (session.server().mariaDb()) {
      new PersistentStatistics(session, working).gather();
    } else {
      analyze(session, working.shadowSql());
      new Histograms(session, working).carry(Histograms.Pair.beforeSwap(working));
    }
  }

  /**
   * Makes up, on the table that serves now, for what was made for the old one at the last moment.
   *
   * @return what the new table does not have, in words
   */
  public List<String> complete() throws SQLException {
    return session.server().mariaDb()
        ? new PersistentStatistics(session, working).missing()
        : new Histograms(session, working).carry(Histograms.Pair.afterSwap(working));
  }

  /** Runs ANALYZE TABLE; the server's errors, which are rows of its result. */
  static List<String> analyze(Session session, String what) throws SQLException {
    record Line(String type, String text) {}

    List<String> errors = new ArrayList<>();
    for (Line line :
        session.read(
            "ANALYZE TABLE " + what, row -> new Line(row.getString(3), row.getString(4)))) {
      if (line.type().equalsIgnoreCase(ERROR)) {
        errors.add(line.text());
      }
    }
    return errors;
  }
}
