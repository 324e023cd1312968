package io.zdmosc.mysql.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GrantsTest {
  @Test
  void takesRightsOnTheWholeServerForThoseOnADatabase() {
    Grants grants = Grants.of(List.of("GRANT SELECT, INSERT ON *.* TO `u`@`%` WITH GRANT OPTION"));

    assertThat(grants.missingEverywhere(Set.of("SELECT", "DROP"))).containsExactly("DROP");
    assertThat(grants.missingOn("d", Set.of("SELECT", "DROP"))).containsExactly("DROP");
  }

  @Test
  void knowsThatAllIsEverything() {
    assertThat(grantsOn("`d`", "ALL PRIVILEGES").missingOn("d", Set.of("SELECT", "DROP")))
        .isEmpty();
  }

  @Test
  void readsWildcardsOfDatabases() {
    assertThat(grantsOn("`shop%`", "SELECT").missingOn("shop_1", Set.of("SELECT"))).isEmpty();
    assertThat(grantsOn("`shop\\_%`", "SELECT").missingOn("shop_1", Set.of("SELECT"))).isEmpty();
    assertThat(grantsOn("`shop\\_%`", "SELECT").missingOn("shopx1", Set.of("SELECT"))).hasSize(1);
    assertThat(grantsOn("`shop_1`", "SELECT").missingOn("shopx1", Set.of("SELECT"))).isEmpty();
    assertThat(grantsOn("`a``.b`", "SELECT").missingOn("a`.b", Set.of("SELECT"))).isEmpty();
    assertThat(grantsOn("`a`", "SELECT").missingOn("ab", Set.of("SELECT"))).hasSize(1);
  }

  @Test
  void leavesOutWhatIsRevokedAgainOnOneDatabase() {
    Grants grants =
        Grants.of(
            List.of(
                "GRANT SELECT, DROP ON *.* TO `u`@`%`",
                "REVOKE DROP ON `d`.* FROM `u`@`%`",
                "REVOKE DROP ON `e`.* FROM `u`@`%`",
                "GRANT DROP ON `e`.* TO `u`@`%`"));

    assertThat(grants.missingOn("d", Set.of("SELECT", "DROP"))).containsExactly("DROP");
    assertThat(grants.missingOn("e", Set.of("DROP"))).isEmpty();
    assertThat(grants.missingOn("f", Set.of("DROP"))).isEmpty();
  }

  @Test
  void doesNotCountRightsOnSingleTables() {
    Grants grants =
        Grants.of(List.of("GRANT SELECT ON `d`.`t` TO `u`@`%`", "GRANT `role`@`%` TO `u`@`%`"));

    assertThat(grants.missingOn("d", Set.of("SELECT"))).containsExactly("SELECT");
  }

  @Test
  void readsLinesAsBothServersWriteThem() {
    Grants grants =
        Grants.of(
            List.of(
                "GRANT USAGE ON *.* TO `u`@`%` IDENTIFIED BY PASSWORD '*0123 ON `d`.* TO x'",
                "GRANT Select, LOCK TABLES ON `d`.* TO 'u'@'%' WITH GRANT OPTION",
                "GRANT BINLOG_ADMIN,SYSTEM_USER ON *.* TO `u`@`%`",
                "GRANT PROXY ON ''@'%' TO 'root'@'localhost' WITH GRANT OPTION",
                "GRANT EXECUTE ON PROCEDURE `d`.`p` TO `u`@`%`"));

    assertThat(grants.missingOn("d", Set.of("SELECT", "LOCK TABLES"))).isEmpty();
    assertThat(grants.missingOn("d", Set.of("EXECUTE"))).containsExactly("EXECUTE");
    assertThat(grants.missingEverywhere(Set.of("BINLOG_ADMIN", "SELECT")))
        .containsExactly("SELECT");
  }

  @Test
  void wildcardsAreNotMoreThanTheyAre() {
    assertThat(grantsOn("`a.b`", "SELECT").missingOn("axb", Set.of("SELECT"))).hasSize(1);
    assertThat(grantsOn("`%`", "SELECT").missingOn("any", Set.of("SELECT"))).isEmpty();
    assertThat(grantsOn("`%`", "SELECT").missingEverywhere(Set.of("SELECT"))).hasSize(1);
  }

  private static Grants grantsOn(String database, String privileges) {
    return Grants.of(List.of("GRANT " + privileges + " ON " + database + ".* TO `u`@`%`"));
  }
}
