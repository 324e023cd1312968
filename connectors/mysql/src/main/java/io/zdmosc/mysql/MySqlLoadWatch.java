package io.zdmosc.mysql;

import io.zdmosc.engine.spi.LoadWatch;
import io.zdmosc.engine.throttle.QueryAnswer;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;

/** Reads how busy the server is. */
final class MySqlLoadWatch implements LoadWatch {
  private static final int QUERY_SECONDS = 10;

  private final Session session;
  private final Supplier<Set<Long>> ours;
  private final long migrationId;

  /**
   * @param ours the server's numbers of our connections
   */
  MySqlLoadWatch(Session session, Supplier<Set<Long>> ours, long migrationId) {
    this.session = session;
    this.ours = ours;
    this.migrationId = migrationId;
  }

  /** The server's Threads_running, less those of ours and those that send the binary log. */
  @Override
  public long running() {
    try {
      Set<Long> own = ours.get();
      // the list of processes in information_schema can fail for what others run at the moment
      long excepted =
          session
              .read(
                  "SHOW PROCESSLIST",
                  row -> isExcepted(row.getLong("Id"), row.getString("Command"), own))
              .stream()
              .filter(is -> is)
              .count();
      long all =
          session
              .first("SHOW GLOBAL STATUS LIKE 'Threads_running'", row -> row.getLong(2))
              .orElse(0L);
      return Math.max(0, all - excepted);
    } catch (SQLException e) {
      throw Failures.failed("counting running threads", e);
    }
  }

  @Override
  public Duration commit() {
    try {
      long begin =
          session.transaction(
              () -> {
                session.update(
                    "INSERT INTO zdm_osc.commit_probe VALUES (?, NOW(6))"
                        + " ON DUPLICATE KEY UPDATE at = NOW(6)",
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
    try (Statement statement = session.connection().createStatement()) {
      session.execute("START TRANSACTION READ ONLY");
      statement.setQueryTimeout(QUERY_SECONDS);
      try (var rows = statement.executeQuery(sql)) {
        return QueryAnswer.of(rows.next() ? rows.getString(1) : null);
      } finally {
        session.execute("ROLLBACK");
      }
    } catch (SQLException e) {
      throw Failures.failed("asking the throttle query", e);
    }
  }

  private static boolean isExcepted(long id, String command, Set<Long> own) {
    return command.startsWith("Binlog Dump") || own.contains(id) && !command.equals("Sleep");
  }

  @Override
  public void close() {
    session.close();
  }
}
