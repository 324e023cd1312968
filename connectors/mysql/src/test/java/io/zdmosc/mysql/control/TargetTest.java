package io.zdmosc.mysql.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.mysql.sql.QualifiedName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of a plan, whatever is in its name. */
class TargetTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "shop        | users",
        "a.b         | c.d",
        "a`b         | c``.`d",
        "`.`         | `",
        "sh\"op      | it's \"mine\"",
        "a -- b      | /* c */ #",
        "back\\slash | n\\'t"
      })
  void isReadAsItWasWritten(String schema, String name) {
    assertThat(Target.of(new QualifiedName(schema, name).sql()))
        .isEqualTo(new Target(schema, name));
  }
}
