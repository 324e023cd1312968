package io.zdmosc.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantityTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.0 kB",
    "1536, 1.5 kB",
    "104857600, 100 MB",
    "1073741824, 1.0 GB",
    "9223372036854775807, 8192 PB"
  })
  void writesBytes(long bytes, String expected) {
    assertThat(Quantity.bytes(bytes)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 ms",
    "999, 999 ms",
    "1000, 1.0 s",
    "59900, 59.9 s",
    "60000, 1 min 0 s",
    "3600000, 1 h 0 min"
  })
  void writesMilliseconds(long millis, String expected) {
    assertThat(Quantity.millis(millis)).isEqualTo(expected);
  }

  @Test
  void writesCountsAndShares() {
    assertThat(Quantity.count(1_234_567)).isEqualTo("1,234,567");
    assertThat(Quantity.count(1, "row")).isEqualTo("1 row");
    assertThat(Quantity.count(0, "row")).isEqualTo("0 rows");
    assertThat(Quantity.percent(1, 3)).isEqualTo("33.3 %");
    assertThat(Quantity.percent(5, 3)).isEqualTo("100.0 %");
    assertThat(Quantity.percent(5, 0)).isEqualTo("0.0 %");
  }
}
