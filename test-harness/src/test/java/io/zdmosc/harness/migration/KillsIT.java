package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.server.TestServer;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import io.zdmosc.harness.workload.Workload;
import io.zdmosc.harness.workload.WorkloadOptions;
import io.zdmosc.harness.workload.WorkloadOptions.Trait;
import io.zdmosc.harness.workload.check.ModelChecker;
import io.zdmosc.harness.workload.table.TableCase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kills the process, its connections or the server, in every state and at random moments, while
 * writers write. Afterwards the migration goes on, ends well, and not a row is wrong.
 *
 * <p>A few by default; {@code -Dzdm.kills=n} for about so many on each database, 200 with {@code
 * -Dzdm.long=true}; {@code -Dzdm.seed=n} for the story of one seed, with the same number of kills.
 */
class KillsIT {
  private static final int KILLS =
      Integer.getInteger("zdm.kills", Boolean.getBoolean("zdm.long") ? 200 : 9);
  private static final int KILLS_PER_MIGRATION = KILLS > 30 ? 12 : 6;
  private static final long SEED = Long.getLong("zdm.seed", 0);
  private static final Duration PATIENCE = Duration.ofSeconds(240);
  private static final int[] HELD_KEYS = {100_000, 100, 0};

  /** What is killed. */
  private enum Victim {
    PROCESS,
    CONNECTIONS,
    SERVER
  }

  @Test
  void onPostgresTheMigrationGoesOnAndNotARowIsWrong() throws Exception {
    run(KillTarget.Postgres.start());
  }

  static List<MySqlRelease> releases() {
    return SharedMySqlServers.newest();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("releases")
  void onMySqlTheMigrationGoesOnAndNotARowIsWrong(MySqlRelease release) throws Exception {
    run(KillTarget.MySql.start(release));
  }

  private static void run(KillTarget target) throws Exception {
    Map<String, Integer> tally = new TreeMap<>();
    int kills = 0;
    int migrations = 0;
    long begin = System.nanoTime();
    try (TestServer server = target.server();
        ClassDataArchive archive = ClassDataArchive.create()) {
      ChildJvm jvm = ChildJvm.PLAIN;
      if (KILLS > 30) {
        migrateUnderKills(target, 1, 0, archive.writing(), tally);
        jvm = archive.reading();
      }
      for (long seed = SEED == 0 ? 1_000 : SEED; kills < KILLS; seed++) {
        kills += migrateUnderKills(target, seed, KILLS_PER_MIGRATION, jvm, tally);
        migrations++;
        System.out.println(
            kills + " kills after " + (System.nanoTime() - begin) / 1_000_000_000 + " s");
        if (SEED != 0) {
          return;
        }
      }
    }
    System.out.println(
        kills + " kills in " + migrations + " migrations on " + target + ": " + tally);
  }

  /** How many there were. */
  private static int migrateUnderKills(
      KillTarget target, long seed, int most, ChildJvm jvm, Map<String, Integer> tally)
      throws Exception {
    TableCase tableCase = target.cases().get((int) (seed * 7 % target.cases().size()));
    List<String> story = new ArrayList<>();
    try (TestDatabase database = target.server().createDatabase("kills_" + seed);
        Workload workload = Workload.start(database::connect, tableCase, seed, workload())) {
      workload.awaitOperations(20, Runs.PATIENCE);
      int kills =
          new Story(target, database, tableCase, new Random(seed), jvm, story, tally).play(most);
      AttackedMigration.awaitEndOrMore(workload, 20);
      workload.stop().assertNoErrors();
      try (Connection connection = database.connect()) {
        ModelChecker.check(
                connection, tableCase.change().targetTable(), tableCase, workload.model())
            .assertClean();
      }
      target.assertNoTraces(database);
      System.out.println("seed " + seed + " on " + tableCase + ": " + story);
      return kills;
    } catch (Exception | AssertionError e) {
      System.out.println("seed " + seed + " on " + tableCase + ":\n" + String.join("\n", story));
      throw e;
    }
  }

  private static WorkloadOptions workload() {
    return Runs.workload()
        .withWriters(4)
        .withInitialRows(2_500)
        .withStatementsPerSecond(10)
        .with(Trait.FAULTS_EXPECTED)
        .with(Trait.SYNCHRONOUS_COMMIT_ONLY);
  }

  /** One migration with its kills. */
  private record Story(
      KillTarget target,
      TestDatabase database,
      TableCase tableCase,
      Random random,
      ChildJvm jvm,
      List<String> lines,
      Map<String, Integer> tally) {

    /** Kills and goes on, until it has come to its end after the last kill. */
    int play(int most) throws Exception {
      int kills = 0;
      ChildProcess child = begin();
      try {
        while (kills < most) {
          awaitMoment(child);
          if (!child.isAlive()) {
            break;
          }
          Victim victim = victim();
          lines.add("killing " + victim);
          tally.merge(victim + " in " + child.lastState(), 1, Integer::sum);
          kill(victim, child);
          kills++;
          if (victim == Victim.PROCESS) {
            lines.add(child.toString());
            Optional<Long> id = target.unfinished(database);
            if (id.isEmpty()) {
              assertThat(child.hasSaid("state SWAPPED")).as(child.toString()).isTrue();
              return kills;
            }
            child = ChildProcess.resume(jvm, database, target.user(), target.password(), id.get());
          }
        }
        child.awaitEnd(PATIENCE);
        lines.add(child.toString());
        assertThat(child.hasSaid("done")).as(child.toString()).isTrue();
        return kills;
      } finally {
        child.close();
      }
    }

    private ChildProcess begin() throws Exception {
      return ChildProcess.run(
          jvm,
          database,
          target.user(),
          target.password(),
          target.quoted(tableCase.table().name()),
          tableCase.change().alter(),
          HELD_KEYS[random.nextInt(HELD_KEYS.length)]);
    }

    private Victim victim() {
      int lot = random.nextInt(10);
      return lot < 6 ? Victim.PROCESS : lot < 9 ? Victim.CONNECTIONS : Victim.SERVER;
    }

    /** Right after one of the next states was entered, a moment later, or at any time. */
    private void awaitMoment(ChildProcess child) throws InterruptedException {
      int states = random.nextInt(4) + child.states();
      int millis =
          random.nextInt(3) == 0 ? 0 : random.nextInt(random.nextInt(4) == 0 ? 1_500 : 100);
      child.awaitStates(Math.max(states, 1), PATIENCE);
      Thread.sleep(millis);
      lines.add(child.states() + " states, " + millis + " ms later");
    }

    private void kill(Victim victim, ChildProcess child) throws SQLException, InterruptedException {
      switch (victim) {
        case PROCESS -> child.kill();
        case CONNECTIONS -> target.endConnections(database, random);
        case SERVER -> {
          target.server().killImmediately();
          Thread.sleep(random.nextInt(500));
          target.server().startAgain();
        }
      }
    }
  }
}
