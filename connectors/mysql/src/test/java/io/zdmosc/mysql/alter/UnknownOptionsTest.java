package io.zdmosc.mysql.alter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnknownOptionsTest {
  @Test
  void findsThoseThatTheServerShowsAsComments() {
    assertThat(
            UnknownOptions.in(
                "CREATE TABLE `t` (\n  `v` int(11) DEFAULT NULL /* `foo`='7' `x`='y' */,\n"
                    + "  KEY `k` (`v`) /* `z`='it''s' */\n) ENGINE=InnoDB COMMENT='/* `no` */'"
                    + " /* `bar`='x' */\n /*!50100 PARTITION BY HASH (`v`) */"))
        .containsExactly("`foo`='7' `x`='y'", "`z`='it''s'", "`bar`='x'");
    assertThat(UnknownOptions.in("CREATE TABLE `t` (`v` datetime /* mariadb-5.3 */)")).isEmpty();
  }

  @Test
  void leavesThemOut() {
    assertThat(UnknownOptions.without(" ENGINE=InnoDB /* `bar`='x' */")).isEqualTo("ENGINE=InnoDB");
  }
}
