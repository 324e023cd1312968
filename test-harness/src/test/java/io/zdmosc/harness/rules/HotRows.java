package io.zdmosc.harness.rules;

import io.zdmosc.harness.server.TestDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * An application that updates one row without rest, deletes and inserts another, and moves a third
 * between two keys, in table {@code t (id, v)} with its rows up to 3000.
 */
final class HotRows implements AutoCloseable {

  private final CompletableFuture<Void> end;
  private volatile boolean stopped;

  private HotRows(TestDatabase database) {
    end =
        Background.run(
            () -> {
              try (Connection connection = database.connect();
                  Statement statement = connection.createStatement()) {
                for (int i = 0; !stopped; i++) {
                  statement.execute("UPDATE t SET v = 'hot " + i + "' WHERE id = 1500");
                  statement.execute("DELETE FROM t WHERE id = 1600");
                  statement.execute("UPDATE t SET id = 5000 WHERE id = 1700");
                  statement.execute("INSERT INTO t (id, v) VALUES (1600, '" + i + "')");
                  statement.execute("UPDATE t SET id = 1700 WHERE id = 5000");
                }
              }
            });
  }

  static HotRows start(TestDatabase database) {
    return new HotRows(database);
  }

  /** Returns when the last statement is done; throws what the application met. */
  void stop() {
    stopped = true;
    end.orTimeout(60, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    stopped = true;
    end.handle((nothing, failure) -> null).join();
  }
}
