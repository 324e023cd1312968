package io.zdmosc.postgres.owned;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnPlacesTest {
  private static final TableName TABLE = new TableName("s", "p q");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT a.x FROM s.\"p q\" a(x, y)",
        "SELECT a.x FROM (ONLY s.\"p q\" \"A\"(x, y) JOIN s.t ON (true))",
        "SELECT (ROW(1, 2)::s.\"p q\").b",
        "SELECT '(1,2)'::s.\"p q\"",
        "SELECT '{\"(1,2)\"}'::s.\"p q\"[]",
      })
  void areCountedOn(String sql) {
    assertThat(ColumnPlaces.isByPlace(sql, TABLE)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT a.x FROM s.\"p q\" a, t.\"p q\" b(x), s.p b(x)",
        "INSERT INTO s.\"p q\" (x, y) SELECT 1, 2 FROM s.\"p q\" WHERE (x > 1)",
        "SELECT x FROM s.\"p q\" TABLESAMPLE system (10) JOIN s.\"p q\" a USING (x)",
        "CREATE POLICY r ON s.\"p q\" USING (a.\"p q\"(1) AND 's.\"p q\" a(x)' <> '')",
        "f(s.\"p q\", integer) RETURNS SETOF s.\"p q\" LANGUAGE sql",
      })
  void areNotCountedOn(String sql) {
    assertThat(ColumnPlaces.isByPlace(sql, TABLE)).isFalse();
  }
}
