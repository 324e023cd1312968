package io.zdmosc.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizesTest {
  @ParameterizedTest
  @CsvSource({
    "1024, 1024",
    "10B, 10",
    "64kB, 65536",
    "256MB, 268435456",
    "256 mb, 268435456",
    "1.5GB, 1610612736",
    "2TB, 2199023255552"
  })
  void understandsNumbersWithAndWithoutUnits(String text, long expected) {
    assertThat(Sizes.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "MB", "-1MB", "1 PB", "1,5GB", "many", "999999999999999TB"})
  void refusesAnythingElse(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Sizes.parse(text));
  }
}
