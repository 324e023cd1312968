package io.zdmosc.mysql.flush;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusedValueTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "Data truncated for column 'name' at row 1|name",
        "Out of range value for column 'a b' at row 12|a b",
        "Data too long for column 'it's' at row 1|it's",
        "Column 'x' cannot be null|x",
        "Incorrect integer value: 'e1@x' for column `shop`.`users_new`.`mail` at row 1|mail",
        "Incorrect integer value: ' for column 'a' at row 1' for column 'b' at row 1|b",
        "Duplicate entry '1' for key 't.v'|",
        "Check constraint 'positive' is violated.|",
      })
  void theColumnIsReadOutOfTheServersWords(String message, String column) {
    assertThat(RefusedValue.column(message).orElse(null)).isEqualTo(column);
  }
}
