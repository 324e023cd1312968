package io.zdmosc.engine.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WindowsTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  /** 2026-11-21 is a Saturday. */
  @ParameterizedTest
  @CsvSource({
    "Mon-Fri 01:00-05:00, 2026-11-20T00:59, false",
    "Mon-Fri 01:00-05:00, 2026-11-20T01:00, true",
    "Mon-Fri 01:00-05:00, 2026-11-20T04:59, true",
    "Mon-Fri 01:00-05:00, 2026-11-20T05:00, false",
    "Mon-Fri 01:00-05:00, 2026-11-21T01:00, false",
    "Mon-Fri 01:00-05:00; Sat-Sun 00:00-24:00, 2026-11-21T23:59, true",
    "Mon-Fri 01:00-05:00; Sat-Sun 00:00-24:00, 2026-11-23T00:00, false",
    "Fri 22:00-06:00, 2026-11-20T23:00, true",
    "Fri 22:00-06:00, 2026-11-21T05:59, true",
    "Fri 22:00-06:00, 2026-11-21T06:00, false",
    "Fri 22:00-06:00, 2026-11-20T05:00, false",
    "friday-monday 10:00-11:00, 2026-11-23T10:30, true",
    "friday-monday 10:00-11:00, 2026-11-24T10:30, false",
    "'Mon,Wed Sat 10:00-11:00', 2026-11-21T10:30, true",
    "'Mon,Wed Sat 10:00-11:00', 2026-11-19T10:30, false",
    "daily 23:00-1:30, 2026-11-19T01:29, true",
    "23:00-1:30, 2026-11-19T01:30, false",
    "0 1 * * 1-5 for 4h, 2026-11-20T04:59, true",
    "0 1 * * 1-5 for 4h, 2026-11-21T04:59, false",
    "0 23 * * fri for 1d 2h, 2026-11-22T00:59, true",
    "0 23 * * fri for 1d2h, 2026-11-22T01:00, false",
    "*/30 8-9 * * * for 10m, 2026-11-21T08:39, true",
    "*/30 8-9 * * * for 10m, 2026-11-21T08:40, false",
    "0 0 1 * 7 for 24h, 2026-11-22T12:00, true",
    "0 0 1 * 0 for 24h, 2026-12-01T12:00, true",
    "0 0 1 * 0 for 24h, 2026-12-02T12:00, false",
    "0 0 1-7 nov * for 24h, 2026-11-07T12:00, true",
    "0 0 1-7 nov * for 24h, 2026-12-07T12:00, false",
    "5/20 * * * * for 5m, 2026-12-07T12:27, true",
    "5/20 * * * * for 5m, 2026-12-07T12:00, false"
  })
  void windowsAreOpenByTheClock(String text, LocalDateTime time, boolean open) {
    Windows windows = Windows.parse(text, BERLIN);

    assertThat(windows.isOpen(time.atZone(BERLIN).toInstant())).isEqualTo(open);
  }

  @Test
  void theNamedZoneCountsForAll() {
    Windows windows = Windows.parse("Mon-Fri 01:00-05:00 Asia/Tokyo; Sat 10:00-11:00", BERLIN);

    assertThat(windows.isOpen(Instant.parse("2026-11-19T16:00:00Z"))).isTrue();
    assertThat(windows.isOpen(Instant.parse("2026-11-21T01:30:00Z"))).isTrue();
    assertThat(windows.isOpen(Instant.parse("2026-11-21T09:30:00Z"))).isFalse();
    assertThat(windows.zone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
  }

  /** Clocks go from 02:00 to 03:00 on 2026-03-29, and from 03:00 back to 02:00 on 2026-10-25. */
  @ParameterizedTest
  @CsvSource({
    // spring: 01:00 is 00:00Z, 03:00 is 01:00Z
    "Sun 01:00-05:00, 2026-03-29T00:00:00Z, 2026-03-29T03:00:00Z",
    "Sun 01:00-02:30, 2026-03-29T00:00:00Z, 2026-03-29T01:00:00Z",
    "Sun 02:30-04:00, 2026-03-29T01:00:00Z, 2026-03-29T02:00:00Z",
    "Sat 23:00-02:30, 2026-03-28T22:00:00Z, 2026-03-29T01:00:00Z",
    "30 2 * * sun for 1h, 2026-03-29T01:00:00Z, 2026-03-29T02:00:00Z",
    "0 1 * * sun for 4h, 2026-03-29T00:00:00Z, 2026-03-29T04:00:00Z",
  })
  void clocksThatGoForwardShortenWindowsOfClockTime(String text, Instant begin, Instant end) {
    Windows windows = Windows.parse(text, BERLIN);

    assertThat(windows.next(Instant.parse("2026-03-28T12:00:00Z")))
        .contains(new Interval(begin, end));
  }

  @ParameterizedTest
  @CsvSource({
    "Sun 01:00-05:00, 2026-10-24T23:00:00Z, 2026-10-25T04:00:00Z",
    "Sun 02:00-03:00, 2026-10-25T00:00:00Z, 2026-10-25T02:00:00Z",
    "Sun 02:30-02:45, 2026-10-25T00:30:00Z, 2026-10-25T01:45:00Z",
    "30 2 * * sun for 15m, 2026-10-25T00:30:00Z, 2026-10-25T00:45:00Z",
  })
  void clocksThatGoBackLengthenWindowsOfClockTime(String text, Instant begin, Instant end) {
    Windows windows = Windows.parse(text, BERLIN);

    assertThat(windows.next(Instant.parse("2026-10-24T12:00:00Z")))
        .contains(new Interval(begin, end));
  }

  @Test
  void aWindowThatTheClocksSkipDoesNotOpen() {
    Windows windows = Windows.parse("Sun 02:00-03:00", BERLIN);

    assertThat(windows.next(Instant.parse("2026-03-28T12:00:00Z")).orElseThrow().begin())
        .isEqualTo(Instant.parse("2026-04-05T00:00:00Z"));
  }

  @Test
  void windowsThatTouchAreOne() {
    Windows windows = Windows.parse("Fri 22:00-24:00; Sat 00:00-06:00; Sat 05:00-07:00", BERLIN);

    assertThat(windows.next(Instant.parse("2026-11-18T00:00:00Z")))
        .contains(
            new Interval(
                Instant.parse("2026-11-20T21:00:00Z"), Instant.parse("2026-11-21T06:00:00Z")));
  }

  @Test
  void rareRulesAreFound() {
    Windows windows = Windows.parse("0 0 29 2 * for 2h UTC", BERLIN);

    assertThat(windows.nextOpening(Instant.parse("2026-11-21T00:00:00Z")))
        .contains(Instant.parse("2028-02-29T00:00:00Z"));
    assertThat(windows.nextOpening(Instant.parse("2096-03-01T00:00:00Z")))
        .contains(Instant.parse("2104-02-29T00:00:00Z"));
  }

  @Test
  void workIsSpreadOverWindows() {
    Windows windows = Windows.parse("01:00-05:00 UTC", BERLIN);
    Instant noon = Instant.parse("2026-11-21T12:00:00Z");

    assertThat(windows.forecast(noon, Duration.ofHours(9)))
        .contains(new Windows.Forecast(Instant.parse("2026-11-24T02:00:00Z"), 3));
    assertThat(windows.forecast(Instant.parse("2026-11-21T04:00:00Z"), Duration.ofHours(5)))
        .contains(new Windows.Forecast(Instant.parse("2026-11-22T05:00:00Z"), 2));
    assertThat(Windows.ALWAYS.forecast(noon, Duration.ofHours(9)))
        .contains(new Windows.Forecast(noon.plus(Duration.ofHours(9)), 1));
    assertThat(Windows.parse("00:00-24:00", BERLIN).forecast(noon, Duration.ofDays(100)))
        .contains(new Windows.Forecast(noon.plus(Duration.ofDays(100)), 1));
    assertThat(windows.forecast(noon, Duration.ofDays(4000))).isEmpty();
  }

  /** Against a plain simulation, minute by minute, over both changes of the clocks. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Mon-Fri 01:00-05:00; Sat-Sun 00:00-24:00",
        "Sun 02:15-02:45; Sat 23:30-02:10",
        "Thu-Tue 22:00-04:00"
      })
  void isOpenAgreesWithTheClockOnTheWall(String text) {
    Windows windows = Windows.parse(text, BERLIN);
    for (String day : List.of("2026-03-27", "2026-10-23")) {
      Instant at = Instant.parse(day + "T12:00:30Z");
      List<Instant> wrong = new ArrayList<>();
      for (int minute = 0; minute < 4 * 24 * 60; minute++, at = at.plusSeconds(60)) {
        boolean open = windows.isOpen(at);
        if (open != windows.nextOpening(at).orElseThrow().equals(at)
            || open && !Wall.isOpen(text, LocalDateTime.ofInstant(at, BERLIN))) {
          wrong.add(at);
        }
        if (!open && Wall.isOpen(text, LocalDateTime.ofInstant(at, BERLIN))) {
          wrong.add(at);
        }
      }
      assertThat(wrong).filteredOn(WindowsTest::isNotBetweenTwoOpenings).isEmpty();
    }
  }

  /** When 02:15-02:45 comes twice, the window stays open over the time between. */
  private static boolean isNotBetweenTwoOpenings(Instant at) {
    return at.isBefore(Instant.parse("2026-10-25T00:00:00Z"))
        || at.isAfter(Instant.parse("2026-10-25T02:00:00Z"));
  }

  private static final class Wall {
    static boolean isOpen(String text, LocalDateTime now) {
      for (String part : text.split("; ")) {
        String[] words = part.split(" ");
        String[] times = words[1].split("-");
        for (int ago = 0; ago < 2; ago++) {
          LocalDateTime day = now.toLocalDate().minusDays(ago).atStartOfDay();
          LocalDateTime begin = day.plusMinutes(minutes(times[0]));
          LocalDateTime end = day.plusMinutes(minutes(times[1]));
          if (!end.isAfter(begin)) {
            end = end.plusDays(1);
          }
          if (Weekdays.parse(words[0]).contains(day.getDayOfWeek())
              && !now.isBefore(begin)
              && now.isBefore(end)) {
            return true;
          }
        }
      }
      return false;
    }

    private static int minutes(String time) {
      return Integer.parseInt(time.substring(0, 2)) * 60 + Integer.parseInt(time.substring(3));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Mon-Fri|expected weekdays",
        "Mon-Fri 25:00-26:00|no time of a day",
        "Mon-Fri 01:60-02:00|no time of a day",
        "Mon-Fri 01:00-01:00|00:00-24:00",
        "Mon-Fri 24:00-01:00|00:00-24:00",
        "Mo-Fr 01:00-02:00|no weekday",
        "Mon-Fri-Sun 01:00-02:00|no range of weekdays",
        "01:00-02:00 Europe/Berlim|no time zone",
        "01:00-02:00 and more|no time zone",
        "01:00-02:00 3|not understood",
        "01:00 -05:00|expected weekdays",
        "1-5|expected weekdays",
        "0 1 * * for 4h|expected weekdays",
        "0 1 * * * for 8d|no duration",
        "0 1 * * * for ever|no time zone",
        "0 24 * * * for 1h|wrong for the hour",
        "0 1 31 2 * for 1h|never opens",
        "0 1 5-2 * * for 1h|wrong for the day of month",
        "*/0 1 * * * for 1h|wrong for the minute",
        ";|no window",
        "01:00-02:00 UTC; 01:00-02:00 Europe/Berlin; 05:00-06:00|without a time zone"
      })
  void whatIsWrongIsSaid(String text, String words) {
    assertThatThrownBy(() -> Windows.parse(text, ZoneOffset.UTC))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(words);
  }
}
