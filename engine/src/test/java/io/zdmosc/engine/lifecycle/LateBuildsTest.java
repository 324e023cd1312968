package io.zdmosc.engine.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.concurrent.RunControl;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.BuildStep;
import io.zdmosc.engine.spi.UniqueConflictException;
import io.zdmosc.engine.window.Gate;
import io.zdmosc.engine.window.Windows;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LateBuildsTest {
  private final List<String> built = new ArrayList<>();
  private final List<BuildStep> wanted = new ArrayList<>();
  private long now;
  private final LateBuilds late =
      new LateBuilds(() -> List.copyOf(wanted), new RunControl(), () -> 1, words -> {}, () -> now);

  private BuildStep step(String name, Duration takes) {
    return BuildStep.of(
        name,
        false,
        processes -> {
          built.add(name);
          now += takes.toNanos();
        });
  }

  @Test
  void whatIsFreshIsNotBuiltAgain() {
    wanted.add(step("one", Duration.ofSeconds(1)));
    late.run();
    now += Duration.ofMinutes(4).toNanos();
    late.run();
    assertThat(built).containsExactly("one");

    now += Duration.ofMinutes(1).toNanos();
    late.run();
    assertThat(built).containsExactly("one", "one");
  }

  @Test
  void whatTakesLongStaysFreshForLonger() {
    wanted.add(step("slow", Duration.ofMinutes(10)));
    late.run();
    now += Duration.ofMinutes(19).toNanos(); // 29 since it began
    late.run();
    assertThat(built).containsExactly("slow");

    now += Duration.ofMinutes(1).toNanos();
    late.run();
    assertThat(built).containsExactly("slow", "slow");
  }

  @Test
  void whatIsWantedSinceIsBuiltAtOnceWithAllThatStandsBeforeIt() {
    wanted.add(step("one", Duration.ofSeconds(1)));
    late.run();
    wanted.add(step("two", Duration.ofSeconds(1)));
    late.run();
    assertThat(built).containsExactly("one", "one", "two");
  }

  @Test
  void whatTookLongerThanTheWindowWaitsForTheNextAndIsBuiltOnceMore() {
    wanted.add(step("slow", Duration.ofHours(2)));
    Instant evening = Instant.parse("2026-11-21T22:00:00Z");
    List<Instant> looks = new ArrayList<>();
    Gate window =
        new Gate(
            Windows.parse("22:00-23:30", ZoneOffset.UTC),
            () -> {
              Instant at = evening.plusNanos(now);
              looks.add(at);
              now += Duration.ofHours(11).toNanos(); // time goes by while it is waited
              return at;
            });
    late.runWithin(window);
    assertThat(built).containsExactly("slow", "slow");
    assertThat(looks.get(looks.size() - 1).atZone(ZoneOffset.UTC).getHour())
        .as("returns within a window")
        .isEqualTo(22);
  }

  @Test
  void whatIsDoneWithinTheWindowIsBuiltOnce() {
    wanted.add(step("one", Duration.ofMinutes(5)));
    late.runWithin(
        new Gate(
            Windows.parse("22:00-23:30", ZoneOffset.UTC),
            () -> Instant.parse("2026-11-21T22:00:00Z").plusNanos(now)));
    assertThat(built).containsExactly("one");
  }

  @Test
  void rowsThatMeetEndTheMigration() {
    wanted.add(
        BuildStep.of(
            "unique",
            false,
            processes -> {
              throw new UniqueConflictException("key (1) is there twice", null);
            }));
    assertThatThrownBy(late::run)
        .isInstanceOf(MigrationFailedException.class)
        .hasMessageContaining("unique")
        .hasMessageContaining("key (1) is there twice");
  }
}
