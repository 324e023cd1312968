package io.zdmosc.engine.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.zdmosc.engine.window.Windows;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

class WindowProposalTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  /** Monday, 2026-11-16, midnight in Berlin. */
  private static final Instant MONDAY = Instant.parse("2026-11-15T23:00:00Z");

  @Test
  void theNightsAndTheWeekendAreProposed() {
    WeekProfile profile =
        profile(
            Duration.ofDays(7),
            at ->
                at.getDayOfWeek().getValue() > 5 || at.getHour() >= 1 && at.getHour() < 5
                    ? 10
                    : 1000);

    assertThat(profile.observedHours()).isEqualTo(WeekProfile.HOURS);
    assertThat(WindowProposal.of(profile).map(Windows::toString))
        .contains("Mon-Fri 01:00-05:00 Europe/Berlin; Sat-Sun 00:00-24:00");
  }

  @Test
  void oneDayStandsForTheOthers() {
    WeekProfile profile = profile(Duration.ofDays(1), at -> at.getHour() < 3 ? 0 : 500);

    assertThat(profile.observedHours()).isEqualTo(24);
    assertThat(WindowProposal.of(profile).map(Windows::toString))
        .contains("Mon-Sun 00:00-03:00 Europe/Berlin");
  }

  @Test
  void aDayThatWasNotSeenIsNotThoughtQuieterThanTheBusiestOneSeen() {
    WeekProfile profile =
        profile(
            Duration.ofDays(2),
            at -> at.getHour() < 4 && at.getDayOfWeek() == DayOfWeek.MONDAY ? 1 : 500);

    assertThat(profile.expected(WeekProfile.hour(DayOfWeek.WEDNESDAY, 2)).orElseThrow())
        .isCloseTo(500, within(1.0));
  }

  @Test
  void fewQuietHoursAreMadeUpToFourteen() {
    WeekProfile profile =
        profile(
            Duration.ofDays(7),
            at -> at.getHour() == 3 ? 10 : at.getHour() == 4 ? 600 : 1000 + at.getHour());

    assertThat(WindowProposal.of(profile).map(Windows::toString))
        .contains("Mon-Sun 03:00-05:00 Europe/Berlin");
  }

  @Test
  void withoutQuietHoursOrEnoughSamplesNothingIsProposed() {
    assertThat(WindowProposal.of(profile(Duration.ofDays(7), at -> 100 + at.getHour()))).isEmpty();
    assertThat(WindowProposal.of(profile(Duration.ofHours(5), at -> at.getHour()))).isEmpty();
    assertThat(WindowProposal.of(WeekProfile.ofTable(List.of(), BERLIN))).isEmpty();
  }

  @Test
  void resetsAndGapsAreNotTakenForTraffic() {
    List<TrafficSample> samples =
        List.of(
            new TrafficSample(MONDAY, 1_000_000, 0),
            new TrafficSample(MONDAY.plusSeconds(600), 1_000_600, 0),
            new TrafficSample(MONDAY.plusSeconds(1200), 5, 0),
            new TrafficSample(MONDAY.plusSeconds(1800), 605, 0),
            new TrafficSample(MONDAY.plusSeconds(20_000), 999_999, 0),
            new TrafficSample(MONDAY.plusSeconds(20_600), -1, 0));

    WeekProfile profile = WeekProfile.ofTable(samples, BERLIN);

    assertThat(profile.rate(0)).hasValue(1.0);
    assertThat(profile.observed()).isEqualTo(Duration.ofSeconds(1200));
    assertThat(profile.observedHours()).isEqualTo(1);
  }

  private static WeekProfile profile(Duration time, ToLongFunction<ZonedDateTime> perSecond) {
    List<TrafficSample> samples = new ArrayList<>();
    long table = 0;
    for (Instant at = MONDAY;
        !at.isAfter(MONDAY.plus(time));
        at = at.plus(Duration.ofMinutes(10))) {
      samples.add(new TrafficSample(at, table, 2 * table));
      table += 600 * perSecond.applyAsLong(at.atZone(BERLIN));
    }
    WeekProfile server = WeekProfile.ofServer(samples, BERLIN);
    WeekProfile profile = WeekProfile.ofTable(samples, BERLIN);
    assertThat(server.peak()).isCloseTo(2 * profile.peak(), within(1e-6));
    return profile;
  }
}
