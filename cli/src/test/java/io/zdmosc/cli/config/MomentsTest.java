package io.zdmosc.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MomentsTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @ParameterizedTest
  @CsvSource({
    "2026-11-22 01:00, 2026-11-22T00:00:00Z",
    "2026-11-22T01:00, 2026-11-22T00:00:00Z",
    "2026-11-22 01:00 UTC, 2026-11-22T01:00:00Z",
    "2026-11-22T01:00:30Z, 2026-11-22T01:00:30Z",
    "2026-11-22 01:00+05:30, 2026-11-21T19:30:00Z",
    "2026-07-22 01:00 America/New_York, 2026-07-22T05:00:00Z"
  })
  void readsATimeInItsZoneOrTheLocalOne(String text, String instant) {
    assertThat(Moments.parse(text, BERLIN)).isEqualTo(Instant.parse(instant));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "01:00", "tomorrow", "2026-11-22", "2026-13-22 01:00", "2026-11-22 25:00"})
  void refusesAnythingElse(String text) {
    assertThatThrownBy(() -> Moments.parse(text, BERLIN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesAZoneThatThereIsNot() {
    assertThatThrownBy(() -> Moments.parse("2026-11-22 01:00 Berlin", BERLIN))
        .hasMessageContaining("Berlin");
  }
}
