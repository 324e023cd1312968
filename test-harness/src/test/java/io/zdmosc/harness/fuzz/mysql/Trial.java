package io.zdmosc.harness.fuzz.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.Retire;
import io.zdmosc.engine.error.ZdmException;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.Orders.Ending;
import io.zdmosc.harness.migration.HeldMigration;
import io.zdmosc.harness.migration.mysql.MySqlRuns;
import io.zdmosc.harness.migration.mysql.MySqlTraces;
import io.zdmosc.harness.migration.mysql.SmallChunks;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionException;

/**
 * One random table, changed by one random clause while it is written to, and its twin, changed by
 * the server.
 */
final class Trial {
  private final MySqlRelease release;
  private final long seed;
  private final Random random;
  private final FuzzedTable table;
  private String clause = "";
  private boolean held;

  /** How it ended. */
  enum End {
    SAME,
    TAKEN_BACK,
    /** Neither the server nor a migration does it. */
    NEITHER,
    /** The server would do it. */
    REFUSED
  }

  /**
   * How it ended.
   *
   * @param message why not, where it was not done
   */
  record Outcome(End end, String message) {}

  Trial(MySqlRelease release, long seed) {
    this.release = release;
    this.seed = seed;
    this.random = new Random(seed);
    this.table = new FuzzedTable(random, release.product());
  }

  Outcome run() throws Exception {
    try (Places places = Places.open(release)) {
      table.make(places);
      clause = new RandomClause(random, table).make(places);
      held = random.nextInt(5) == 0;
      TwinWriters writers = new TwinWriters(places, table, clause, seed);
      writers.fill(100 + random.nextInt(300));
      Optional<RuntimeException> failure;
      try (writers) {
        writers.start(2);
        failure = held ? forthAndBack(places) : forth(places);
      }
      MySqlTraces.assertNone(places.source());
      return failure.isPresent() ? failed(places, failure.get()) : done(places);
    }
  }

  private Optional<RuntimeException> forth(Places places) {
    try (Database opened = SmallChunks.open(places.source())) {
      new Migration(
              opened,
              new ChangeRequest(table.sql(), clause),
              MySqlRuns.options().withRetire(Retire.DROP),
              MigrationListener.none())
          .run();
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of(e);
    }
  }

  private Optional<RuntimeException> forthAndBack(Places places) throws InterruptedException {
    try (HeldMigration migration =
        HeldMigration.begin(() -> MySqlRuns.open(places.source()), table.sql(), clause, Map.of())) {
      Thread.sleep(200); // for writes to the new table
      Summary summary = migration.end(Ending.ROLLBACK_AND_DROP);
      assertThat(summary.state()).isEqualTo(MigrationState.ROLLED_BACK);
      assertThat(summary.divergentRows()).isZero();
      return Optional.empty();
    } catch (CompletionException e) {
      return Optional.of((RuntimeException) e.getCause());
    }
  }

  private Outcome done(Places places) throws SQLException {
    String name = table.name();
    if (!held) {
      assertThat(natively(places)).as("the server's own words").isEmpty();
    }
    assertSame(places, name, "changed");
    return new Outcome(held ? End.TAKEN_BACK : End.SAME, "");
  }

  private Outcome failed(Places places, RuntimeException failure) throws SQLException {
    if (!(failure instanceof ZdmException)) {
      throw failure;
    }
    String message = failure.getMessage();
    assertSame(places, table.name(), message);
    Optional<String> words = natively(places);
    return new Outcome(
        words.isPresent() ? End.NEITHER : End.REFUSED,
        message + words.map(w -> "\n  server: " + w).orElse(""));
  }

  /** Says only what differs: a table has many rows. */
  private static void assertSame(Places places, String name, String when) throws SQLException {
    List<String> ours = TableState.of(places.source(), name);
    List<String> servers = TableState.of(places.twin(), name);
    if (!ours.equals(servers)) {
      List<String> missing = new ArrayList<>(servers);
      ours.forEach(missing::remove);
      List<String> surplus = new ArrayList<>(ours);
      servers.forEach(surplus::remove);
      assertThat(surplus).as("as the server has it; " + when).isEqualTo(missing);
      fail("the server has its lines in another order: " + ours + " instead of " + servers);
    }
  }

  /** Why the server does not take it, or nothing. */
  private Optional<String> natively(Places places) {
    if (clause.isEmpty()) {
      return Optional.empty();
    }
    try {
      Places.defined(places.twin(), "ALTER TABLE " + table.sql() + " " + clause);
      return Optional.empty();
    } catch (SQLException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** What was made, to be tried by hand. */
  @Override
  public String toString() {
    return "seed "
        + seed
        + " on "
        + release
        + (held ? ", held" : "")
        + "\n"
        + String.join(";\n", table.script())
        + ";\nALTER TABLE "
        + table.sql()
        + " "
        + clause
        + ";";
  }
}
