package io.zdmosc.postgres.owned;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableNameTest {
  private static final TableName OTHER = new TableName("o", "x");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ON public.t FOR EACH ROW         | ON \"o\".\"x\" FOR EACH ROW",
        "ON public.t                      | ON \"o\".\"x\"",
        "ON \"public\".t, public.\"t\" t  | ON \"o\".\"x\", \"o\".\"x\" t",
        "FROM public.t_2, public.\"T\"    | FROM public.t_2, public.\"T\"",
        "'public.t' = \"public.t\"       | 'public.t' = \"public.t\"",
        "E'\\' public.t' /* public.t */   | E'\\' public.t' /* public.t */",
        "a.public.t                       | a.public.t",
        "public.t.public.t                | \"o\".\"x\".public.t",
        "t                                | t",
        "(SELECT public.f(public.t.*))    | (SELECT public.f(\"o\".\"x\".*))"
      })
  void onlyTheQualifiedNameIsReplaced(String sql, String replaced) {
    assertThat(new TableName("public", "t").replacedBy(OTHER, sql)).isEqualTo(replaced);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ON \"S p\".\"Or\"\"der\"(  | ON \"o\".\"x\"(",
        "ON \"s p\".\"Or\"\"der\"   | ON \"s p\".\"Or\"\"der\"",
        "'\"S p\".\"Or\"\"der\"'    | '\"S p\".\"Or\"\"der\"'"
      })
  void namesMayBeAnything(String sql, String replaced) {
    assertThat(new TableName("S p", "Or\"der").replacedBy(OTHER, sql)).isEqualTo(replaced);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "FROM \"a.b\".\"c.d\"          | FROM \"o\".\"x\"",
        "FROM \"a.b\".\"c.d\".*        | FROM \"o\".\"x\".*",
        "FROM a.b.c.d, \"a.b.c.d\"     | FROM a.b.c.d, \"a.b.c.d\"",
        "FROM \"a\".\"b.c.d\"          | FROM \"a\".\"b.c.d\"",
        "FROM \"a.b\".\"c.d\"\"\"       | FROM \"a.b\".\"c.d\"\"\""
      })
  void dotsInNamesSeparateNothing(String sql, String replaced) {
    assertThat(new TableName("a.b", "c.d").replacedBy(OTHER, sql)).isEqualTo(replaced);
  }
}
