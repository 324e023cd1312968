package io.zdmosc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamePartsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "public.users          | users                | true",
        "public.users          | public.users         | true",
        "public.users          | \"public\".\"users\"   | true",
        "`shop`.`users`        | shop.users           | true",
        "public.users          | other.users          | false",
        "users                 | public.users         | false",
        "public.users          | sers                 | false",
        "x.\"c.d\"              | d                    | false",
        "x.\"c.d\"              | c.d                  | false",
        "x.\"c.d\"              | \"c.d\"                | true",
        "x.\"c.d\"              | x.\"c.d\"              | true",
        "x.\"c\"\".d\"           | \"c\"\".d\"             | true",
        "x.\"c\"\".d\"           | d                    | false",
        "`a``.b`.`c\"`          | `c\"`                 | true",
        "x.\"\"                 | \"\"                   | true"
      })
  void oneNamesTheOther(String recorded, String typed, boolean names) {
    assertThat(NameParts.of(recorded).endsWith(NameParts.of(typed))).isEqualTo(names);
  }
}
