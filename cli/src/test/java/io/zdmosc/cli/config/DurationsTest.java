package io.zdmosc.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "500, PT0.5S",
    "500ms, PT0.5S",
    "2s, PT2S",
    "1.5s, PT1.5S",
    "' 2 S ', PT2S",
    "3m, PT3M",
    "3min, PT3M",
    "1h, PT1H",
    "0, PT0S"
  })
  void understandsNumbersWithAndWithoutUnits(String text, Duration expected) {
    assertThat(Durations.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s", "-1", "1 day", "1,5s", "1e3", "99999999999999999999"})
  void refusesAnythingElse(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Durations.parse(text))
        .withMessage("is not a duration");
  }
}
