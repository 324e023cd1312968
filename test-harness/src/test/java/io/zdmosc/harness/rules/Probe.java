package io.zdmosc.harness.rules;

import io.zdmosc.harness.server.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** An application that reads and writes row 1 of table {@code t} and measures how long it takes. */
final class Probe implements AutoCloseable {

  private final Connection connection;
  private final CompletableFuture<Void> end;
  private volatile long longestNanos;
  private volatile boolean stopped;

  private Probe(TestDatabase database) throws SQLException {
    connection = database.connect();
    end =
        Background.run(
            () -> {
              try (Statement statement = connection.createStatement()) {
                while (!stopped) {
                  timed(statement, "UPDATE t SET v = 'probe' WHERE id = 1");
                  timed(statement, "SELECT v FROM t WHERE id = 1");
                  Thread.sleep(2);
                }
              }
            });
  }

  static Probe start(TestDatabase database) throws SQLException {
    return new Probe(database);
  }

  private void timed(Statement statement, String sql) throws SQLException {
    long begin = System.nanoTime();
    statement.execute(sql);
    longestNanos = Math.max(longestNanos, System.nanoTime() - begin);
  }

  /** Stops; the longest that a statement took. Throws what the application met. */
  Duration stop() {
    stopped = true;
    end.orTimeout(60, TimeUnit.SECONDS).join();
    return Duration.ofNanos(longestNanos);
  }

  /** Hangs up: after a failed test its statement may wait for a lock that nobody gives back. */
  @Override
  public void close() throws SQLException {
    stopped = true;
    connection.abort(Runnable::run);
    end.handle((nothing, failure) -> null).join();
  }
}
