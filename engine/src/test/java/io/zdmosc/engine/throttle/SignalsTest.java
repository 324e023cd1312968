package io.zdmosc.engine.throttle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.spi.LoadWatch;
import io.zdmosc.engine.spi.ReplicaWatch;
import io.zdmosc.engine.spi.SourceWatch.ReplicaLag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignalsTest {
  private final Load load = new Load();

  /** A server that is as busy as a test says. */
  private static final class Load implements LoadWatch {
    private long running;
    private Duration commit = Duration.ZERO;
    private CountDownLatch stuck = new CountDownLatch(0);
    private double answer;
    private RuntimeException failure;
    private int asked;

    @Override
    public long running() {
      asked();
      return running;
    }

    @Override
    public Duration commit() {
      asked();
      try {
        stuck.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return commit;
    }

    @Override
    public double query(String sql) {
      asked();
      return answer;
    }

    private void asked() {
      asked++;
      if (failure != null) {
        throw failure;
      }
    }

    @Override
    public void close() {}
  }

  @Test
  void limitIsSmoothBetweenSoftAndHard() {
    Limit limit = new Limit(20, 40);
    assertThat(limit.pressure(0)).isZero();
    assertThat(limit.pressure(20)).isEqualTo(0.5);
    assertThat(limit.pressure(30)).isEqualTo(0.75);
    assertThat(limit.pressure(40)).isEqualTo(1);
    assertThat(limit.pressure(4_000)).isEqualTo(1);
    assertThat(limit.pressure(-5)).isZero();
    assertThat(Limit.of(10)).isEqualTo(new Limit(5, 10));
    assertThat(new Limit(0, 1).pressure(0)).isZero();
    assertThat(new Limit(3, 3).pressure(3)).isEqualTo(1);
    assertThat(new Limit(3, 3).pressure(2.9)).isLessThanOrEqualTo(0.5);
    assertThatThrownBy(() -> new Limit(3, 2)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Limit(0, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Limit(0, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void runningStatementsCountAgainstTheirLimit() {
    RunningSignal signal = new RunningSignal(() -> load, () -> Optional.of(new Limit(10, 20)));
    load.running = 15;
    signal.sample();
    assertThat(signal.pressure()).isEqualTo(0.75);
    assertThat(signal.reason()).isEqualTo("15 statements run on the server at once");
    load.running = 20;
    signal.sample();
    assertThat(signal.pressure()).isEqualTo(1);
    load.running = 3;
    signal.sample();
    assertThat(signal.pressure()).isLessThan(0.5);
  }

  @Test
  void withoutALimitNothingIsAsked() {
    new RunningSignal(() -> load, Optional::empty).sample();
    CommitTimeSignal commits = new CommitTimeSignal(() -> load, Optional::empty);
    commits.sample();
    assertThat(commits.pressure()).isZero();
    assertThat(load.asked).isZero();
  }

  @Test
  void singleSlowCommitIsNone() {
    CommitTimeSignal signal =
        new CommitTimeSignal(() -> load, () -> Optional.of(new Limit(10, 100)));
    load.commit = Duration.ofMillis(2);
    signal.sample();
    load.commit = Duration.ofMillis(500);
    signal.sample();
    assertThat(signal.pressure()).isLessThan(0.5);
    signal.sample();
    assertThat(signal.pressure()).isEqualTo(1);
    assertThat(signal.reason()).isEqualTo("a commit takes 500 ms");
  }

  @Test
  void commitThatDoesNotComeBackStops() throws Exception {
    CommitTimeSignal signal = new CommitTimeSignal(() -> load, () -> Optional.of(Limit.of(30)));
    load.stuck = new CountDownLatch(1);
    Thread asking = new Thread(signal::sample);
    asking.start();
    for (int i = 0; i < 500 && signal.pressure() < 1; i++) {
      Thread.sleep(5);
    }
    assertThat(signal.pressure()).isEqualTo(1);
    assertThat(signal.reason()).contains("is not back yet");
    load.stuck.countDown();
    asking.join(TimeUnit.SECONDS.toMillis(5));
    assertThat(signal.pressure()).isLessThan(0.5);
  }

  @Test
  void queryStopsAboveZeroOrByItsLimit() {
    QuerySignal plain = new QuerySignal("SELECT 1", () -> load, Optional::empty);
    load.answer = 0;
    plain.sample();
    assertThat(plain.pressure()).isZero();
    load.answer = 1;
    plain.sample();
    assertThat(plain.pressure()).isEqualTo(1);
    assertThat(plain.reason()).isEqualTo("the throttle query says 1");
    QuerySignal limited =
        new QuerySignal("SELECT 1", () -> load, () -> Optional.of(new Limit(2, 4)));
    load.answer = 2.5;
    limited.sample();
    assertThat(limited.pressure()).isEqualTo(0.625, within(1e-9));
    assertThat(limited.reason()).isEqualTo("the throttle query says 2.5");
  }

  @Test
  void whatCannotBeAskedStopsAndWhatPassesIsTheRunsOwn() {
    QuerySignal signal = new QuerySignal("SELECT 1", () -> load, Optional::empty);
    load.failure = new MigrationFailedException("no such table", "", "");
    signal.sample();
    assertThat(signal.pressure()).isEqualTo(1);
    assertThat(signal.reason()).isEqualTo("the throttle query cannot be asked: no such table");
    assertThatThrownBy(signal::check).isSameAs(load.failure);
    load.failure = MigrationFailedException.passing("connection lost", "", "", null);
    assertThatThrownBy(signal::sample).isSameAs(load.failure);
  }

  @Test
  void answersAreNumbersOrBooleans() {
    assertThat(QueryAnswer.of(null)).isZero();
    assertThat(QueryAnswer.of("t")).isEqualTo(1);
    assertThat(QueryAnswer.of("FALSE")).isZero();
    assertThat(QueryAnswer.of(" 12.5 ")).isEqualTo(12.5);
    assertThatThrownBy(() -> QueryAnswer.of("busy")).isInstanceOf(RefusedException.class);
    assertThatThrownBy(() -> QueryAnswer.of("NaN")).isInstanceOf(RefusedException.class);
  }

  @Test
  void fileStopsAsLongAsItExists(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("stop");
    FileSignal signal = new FileSignal(file);
    signal.sample();
    assertThat(signal.pressure()).isZero();
    Files.createFile(file);
    signal.sample();
    assertThat(signal.pressure()).isEqualTo(1);
    assertThat(signal.reason()).isEqualTo(file + " exists");
    Files.delete(file);
    signal.sample();
    assertThat(signal.pressure()).isZero();
  }

  @Test
  void replicaIsAskedAgainOverANewConnection() {
    int[] opened = {0};
    int[] closed = {0};
    OptionalLong[] lag = {OptionalLong.of(3_000)};
    boolean[] broken = {false};
    ReplicaSignal signal =
        new ReplicaSignal(
            "r1:3306",
            () -> {
              opened[0]++;
              return new ReplicaWatch() {
                @Override
                public OptionalLong lagMillis() {
                  if (broken[0]) {
                    throw MigrationFailedException.passing("connection lost", "", "", null);
                  }
                  return lag[0];
                }

                @Override
                public void close() {
                  closed[0]++;
                }
              };
            },
            () -> new Limit(2_000, 4_000));
    signal.sample();
    assertThat(signal.pressure()).isEqualTo(0.75);
    assertThat(signal.reason()).isEqualTo("replica r1:3306 3000 ms behind");
    broken[0] = true;
    signal.sample();
    assertThat(signal.pressure()).isEqualTo(1);
    assertThat(signal.reason()).contains("cannot be asked: connection lost");
    assertThat(closed[0]).isEqualTo(1);
    broken[0] = false;
    lag[0] = OptionalLong.empty();
    signal.sample();
    assertThat(opened[0]).isEqualTo(2);
    assertThat(signal.pressure()).isEqualTo(1);
    assertThat(signal.reason()).isEqualTo("replica r1:3306 does not replicate at present");
    lag[0] = OptionalLong.of(0);
    signal.sample();
    assertThat(signal.pressure()).isZero();
  }

  @Test
  void slowestReplicaOfTheServersOwnKnowledge() {
    SlowestReplica none = new SlowestReplica(Optional::empty, () -> Limit.of(10));
    assertThat(none.pressure()).isZero();
    SlowestReplica one =
        new SlowestReplica(() -> Optional.of(new ReplicaLag("s1", 8)), () -> Limit.of(10));
    assertThat(one.pressure()).isEqualTo(0.8, within(1e-9));
    assertThat(one.reason()).isEqualTo("replica s1 8 ms behind");
  }

  @Test
  void placeInTheLogIsAsOldAsTheLogIsBeyondIt() {
    long[] now = {0};
    PositionClock clock = new PositionClock(() -> now[0]);
    for (int second = 0; second < 100; second++) {
      now[0] = second * 1_000_000_000L;
      clock.tick(second * 100L);
      clock.tick(second * 100L);
    }
    assertThat(clock.ageMillis(9_900)).isZero();
    assertThat(clock.ageMillis(9_800)).isZero();
    assertThat(clock.ageMillis(9_750)).isEqualTo(1_000);
    assertThat(clock.ageMillis(0)).isEqualTo(98_000);
  }

  @Test
  void longHistoryIsThinnedAndStaysRight() {
    long[] now = {0};
    PositionClock clock = new PositionClock(() -> now[0]);
    for (int second = 0; second < 100_000; second++) {
      now[0] = second * 1_000_000_000L;
      clock.tick(second);
    }
    assertThat(clock.ageMillis(0)).isBetween(90_000_000L, 99_999_000L);
    assertThat(clock.ageMillis(99_990)).isBetween(7_000L, 9_000L);
  }
}
