package io.zdmosc.postgres;

import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.spi.LoadWatch;
import io.zdmosc.engine.throttle.QueryAnswer;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Reads how busy the server is. */
final class PgLoadWatch implements LoadWatch {
  private static final int QUERY_SECONDS = 10;

  private final Session session;
  private final long migrationId;
  private boolean seesOthers;

  PgLoadWatch(Session session, long migrationId) {
    this.session = session;
    this.migrationId = migrationId;
  }

  @Override
  public long running() {
    try {
      seesOthers =
          seesOthers
              || session.test("SELECT pg_has_role(current_user, 'pg_read_all_stats', 'USAGE')");
      if (!seesOthers) {
        throw RefusedException.of(
            "--max-running",
            "the user does not see what others' sessions do",
            "GRANT pg_read_all_stats TO the user");
      }
      return session
          .first(
              "SELECT count(*) FROM pg_stat_activity WHERE state IN ('active', 'fastpath function"
                  + " call') AND backend_type = 'client backend'"
                  + " AND application_name NOT LIKE 'zdm-osc %'",
              row -> row.getLong(1))
          .orElse(0L);
    } catch (SQLException e) {
      throw Failures.failed("counting active sessions", e);
    }
  }

  /** Waits for what an ordinary session waits for, a synchronous standby included. */
  @Override
  public Duration commit() {
    try {
      long begin =
          session.transaction(
              () -> {
                session.execute("SET LOCAL synchronous_commit = on");
                session.update(
                    "INSERT INTO zdm_osc.commit_probe VALUES (?::bigint, clock_timestamp())"
                        + " ON CONFLICT (migration_id) DO UPDATE SET at = excluded.at",
                    migrationId);
                return System.nanoTime();
              });
      return Duration.ofNanos(System.nanoTime() - begin);
    } catch (SQLException e) {
      throw Failures.failed("measuring the time of a commit", e);
    }
  }

  @Override
  public double query(String sql) {
    try {
      String text =
          session.transaction(
              () -> {
                session.execute("SET TRANSACTION READ ONLY");
                try (Statement statement = session.connection().createStatement()) {
                  statement.setQueryTimeout(QUERY_SECONDS);
                  try (var rows = statement.executeQuery(sql)) {
                    return rows.next() ? rows.getString(1) : null;
                  }
                }
              });
      return QueryAnswer.of(text);
    } catch (SQLException e) {
      throw Failures.failed("asking the throttle query", e);
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
