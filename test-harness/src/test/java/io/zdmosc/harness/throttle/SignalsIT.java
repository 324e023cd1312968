package io.zdmosc.harness.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.throttle.Limit;
import io.zdmosc.engine.throttle.Limits;
import io.zdmosc.engine.throttle.Throttling;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.workload.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a copy gives way to, one signal after the other, while changes are followed. */
class SignalsIT {
  @TempDir private Path folder;

  static List<Site> sites() {
    return Site.all();
  }

  @ParameterizedTest
  @MethodSource("sites")
  void copyStandsStillForEachSignalAndGoesOnBehindIt(Site site) throws Exception {
    Path file = Files.createFile(folder.resolve("stop"));
    TestDatabase database = site.database();
    database.execute("CREATE TABLE brake (n int)", "INSERT INTO brake VALUES (0)");
    Throttling throttling =
        new Throttling(
            List.of(),
            Optional.of("SELECT max(n) FROM brake"),
            Optional.of(file.toString()),
            Limits.NONE);
    try (ThrottledRun run =
        new ThrottledRun(database, ThrottledRun.options().withThrottling(throttling))) {
      run.await(present -> present.state() == MigrationState.COPYING);
      run.standsStill("stop exists");

      database.execute("UPDATE brake SET n = 3");
      Files.delete(file);
      run.standsStill("the throttle query says 3");
      limit(run, new Limits(none(), none(), none(), Optional.of(new Limit(2, 4))));
      run.await(present -> present.throttle().contains("says 3 (at 50 %)"));
      database.execute("UPDATE brake SET n = 0");

      limit(run, new Limits(none(), Optional.of(new Limit(2, 4)), none(), none()));
      try (Sleepers sleepers = new Sleepers(database, 5)) {
        run.standsStill("statements run on the server at once");
        assertThat(sleepers.areAsleep()).isTrue();
      }
      limit(
          run,
          new Limits(
              none(), Optional.of(Limit.of(1_000)), Optional.of(new Limit(0, 1e-6)), none()));
      run.standsStill("a commit takes");
      limit(run, new Limits(none(), none(), Optional.of(Limit.of(600_000)), none()));
      run.hurry();
      run.endsWell();
    }
  }

  private static Optional<Limit> none() {
    return Optional.empty();
  }

  private static void limit(ThrottledRun run, Limits limits) {
    run.order(orders -> orders.limited(limits));
  }

  /** Statements that take their time. */
  private static final class Sleepers implements AutoCloseable {
    private final List<Connection> connections = new ArrayList<>();
    private final List<CompletableFuture<Void>> asleep = new ArrayList<>();

    Sleepers(TestDatabase database, int count) throws SQLException {
      boolean postgres = database.jdbcUrl().startsWith("jdbc:postgresql");
      String sql = postgres ? "SELECT pg_sleep(10)" : "SELECT SLEEP(10)";
      for (int i = 0; i < count; i++) {
        Connection connection = database.connect();
        connections.add(connection);
        asleep.add(CompletableFuture.runAsync(() -> sleep(connection, sql)));
      }
    }

    private static void sleep(Connection connection, String sql) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      } catch (SQLException e) {
        return; // woken
      }
    }

    boolean areAsleep() {
      return asleep.stream().noneMatch(CompletableFuture::isDone);
    }

    @Override
    public void close() throws SQLException {
      for (Connection connection : connections) {
        connection.abort(Runnable::run);
      }
    }
  }
}
