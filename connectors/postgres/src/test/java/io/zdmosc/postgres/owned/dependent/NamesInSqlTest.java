package io.zdmosc.postgres.owned.dependent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class NamesInSqlTest {
  private static final Map<RelationName, RelationName> NAMES =
      Map.of(new RelationName("s p", "T\"x"), new RelationName("other", "t2"));

  private static String replaced(String sql) {
    return NamesInSql.replace(sql.replace('`', '"'), NAMES).replace('"', '`');
  }

  @Test
  void relationsAndTypesAreReplaced() {
    assertThat(replaced("SELECT a.id FROM `s p`.`T``x` a, `s p`.`T``x`"))
        .isEqualTo("SELECT a.id FROM `other`.`t2` a, `other`.`t2`");
    assertThat(replaced("ROW(1)::`s p`.`T``x`, x::`s p`.`T``x`[]"))
        .isEqualTo("ROW(1)::`other`.`t2`, x::`other`.`t2`[]");
    assertThat(replaced("INSERT INTO `s p`.`T``x` (id) VALUES (1)"))
        .isEqualTo("INSERT INTO `other`.`t2` (id) VALUES (1)");
  }

  @Test
  void functionsStringsAndLongerNamesAreNot() {
    for (String sql :
        new String[] {
          "SELECT `s p`.`T``x`(1)",
          "SELECT '`s p`.`T``x`', $$`s p`.`T``x`$$",
          "SELECT `a`.`s p`.`T``x`",
          "SELECT `s p`.`T``xy`, `S p`.`T``x`"
        }) {
      assertThat(replaced(sql)).isEqualTo(sql);
    }
  }

  @Test
  void constantOfTheTablesOidIsReplaced() {
    assertThat(replaced("x = '`s p`.`T``x`'::regclass")).isEqualTo("x = '`other`.`t2`'::regclass");
    assertThat(replaced("x = '`s p`.`T``x`'::text")).isEqualTo("x = '`s p`.`T``x`'::text");
    assertThat(replaced("x = 'nothing'::regclass")).isEqualTo("x = 'nothing'::regclass");
  }

  @Test
  void namesThatBeginAlikeAreFoundInStringsToo() {
    assertThat(NamesInSql.mentions("SELECT 'a zdm_r_1_p.t'", "zdm_r_1")).isTrue();
    assertThat(NamesInSql.mentions("SELECT zdm_r_1_a.x", "zdm_r_1")).isTrue();
    assertThat(NamesInSql.mentions("SELECT zdm_r_2.x -- zdm_r_1", "zdm_r_1")).isFalse();
  }
}
