package io.zdmosc.mysql.alter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.mysql.alter.TableDdl.Item;
import io.zdmosc.mysql.alter.TableDdl.ItemKind;
import org.junit.jupiter.api.Test;

class TableDdlTest {
  private static final String SQL =
      """
      CREATE TABLE `t(1` (
        `id` int NOT NULL AUTO_INCREMENT COMMENT 'a, (b',
        `a``b` decimal(10,2) DEFAULT '0.00',
        `e` enum('x,)','y''') COLLATE utf8mb4_bin DEFAULT NULL,
        `g` int GENERATED ALWAYS AS ((`id` + 1)) VIRTUAL,
        PRIMARY KEY (`id`),
        UNIQUE KEY `u` (`a``b`,`e`(3) DESC),
        KEY `key` ((`id` + 1)),
        FULLTEXT KEY `ft` (`e`) /*!50100 WITH PARSER `ngram` */,
        SPATIAL KEY `sp` (`g`),
        VECTOR KEY `v` (`e`) `DISTANCE`='cosine',
        CONSTRAINT `fk` FOREIGN KEY (`id`) REFERENCES `p` (`id`),
        CONSTRAINT `t(1_chk_1` CHECK ((`id` > 0)),
        CONSTRAINT `mine` CHECK ((`e` <> _utf8mb4')'))
      ) ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4 COMMENT='AUTO_INCREMENT=5'
      /*!50100 PARTITION BY HASH (`id`)
      PARTITIONS 3 */""";

  private final TableDdl ddl = TableDdl.parse(SQL);

  @Test
  void findsThePartsWithTheirNames() {
    assertThat(ddl.items())
        .extracting(item -> item.kind() + " " + item.name())
        .containsExactly(
            "COLUMN id",
            "COLUMN a`b",
            "COLUMN e",
            "COLUMN g",
            "PRIMARY_KEY PRIMARY",
            "UNIQUE u",
            "INDEX key",
            "FULLTEXT ft",
            "SPATIAL sp",
            "VECTOR v",
            "FOREIGN_KEY fk",
            "CHECK t(1_chk_1",
            "CHECK mine");
    assertThat(ddl.column("A`B").orElseThrow().sql())
        .isEqualTo("`a``b` decimal(10,2) DEFAULT '0.00'");
    assertThat(ddl.items().get(7).sql())
        .isEqualTo("FULLTEXT KEY `ft` (`e`) /*!50100 WITH PARSER `ngram` */");
  }

  @Test
  void leavesOutTheNextValueAndNothingElse() {
    assertThat(ddl.options())
        .isEqualTo(
            " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='AUTO_INCREMENT=5'\n"
                + "/*!50100 PARTITION BY HASH (`id`)\nPARTITIONS 3 */");
  }

  @Test
  void writesWhatItHasRead() {
    assertThat(ddl.create("`t(1`")).isEqualTo(SQL.replace(" AUTO_INCREMENT=7", ""));
  }

  @Test
  void takesPartsAwayAndAddsThem() {
    TableDdl bare = ddl.without(item -> item.isIndex() || item.kind() == ItemKind.CHECK);

    assertThat(bare.items()).extracting(Item::name).endsWith("PRIMARY", "fk").hasSize(6);
    assertThat(bare.with(new Item(ItemKind.INDEX, "n", "KEY `n` (`g`)")).create("x"))
        .contains("REFERENCES `p` (`id`),\n  KEY `n` (`g`)\n) ENGINE");
  }

  @Test
  void namesGeneratedChecksAfterTheTable() {
    TableDdl renamed = ddl.withChecksNamedAfter("t(1", "new`t");

    assertThat(renamed.items(ItemKind.CHECK))
        .extracting(Item::sql)
        .containsExactly(
            "CONSTRAINT `new``t_chk_1` CHECK ((`id` > 0))",
            "CONSTRAINT `mine` CHECK ((`e` <> _utf8mb4')'))");
    assertThat(ddl.hasNamedChecks("t(1")).isTrue();
    assertThat(ddl.without(item -> item.name().equals("mine")).hasNamedChecks("t(1")).isFalse();
  }

  @Test
  void givesNoNameTwice() {
    TableDdl two =
        TableDdl.parse(
            "CREATE TABLE `a` (`i` int, CONSTRAINT `a_chk_1` CHECK (`i` > 1), CONSTRAINT `b_chk_1`"
                + " CHECK (`i` > 2))");

    assertThat(two.withChecksNamedAfter("a", "b").items(ItemKind.CHECK))
        .extracting(Item::name)
        .containsExactly("b_chk_2", "b_chk_1");
  }

  @Test
  void readsColumnsThatAreCalledLikeWords() {
    TableDdl words =
        TableDdl.parse("CREATE TABLE `t` (`PRIMARY KEY` int, `CHECK` int, KEY `CHECK` (`CHECK`))");

    assertThat(words.items())
        .extracting(item -> item.kind() + " " + item.name())
        .containsExactly("COLUMN PRIMARY KEY", "COLUMN CHECK", "INDEX CHECK");
  }

  @Test
  void takesNothingButATable() {
    assertThatThrownBy(() -> TableDdl.parse("CREATE TABLE `t` (`i` int"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** The server would show what it is told, also where that changes nothing. */
  @Test
  void leavesOutACollationThatTheTableHasAnyway() {
    String text =
        "CREATE TABLE `t` (\n  `a` varchar(5) COLLATE utf8mb4_bin DEFAULT 'COLLATE utf8mb4_bin',\n"
            + "  `b` char(1) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,\n"
            + "  `c` text COLLATE utf8mb4_da_0900_ai_ci,\n"
            + "  `s` set('x') COLLATE utf8mb4_bin,\n"
            + "  `g` text COLLATE utf8mb4_bin GENERATED ALWAYS AS ((`a` COLLATE utf8mb4_bin))\n"
            + ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin";
    assertThat(TableDdl.parse(text).create("x"))
        .isEqualTo(
            "CREATE TABLE x (\n  `a` varchar(5) DEFAULT 'COLLATE utf8mb4_bin',\n"
                + "  `b` char(1) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,\n"
                + "  `c` text COLLATE utf8mb4_da_0900_ai_ci,\n"
                + "  `s` set('x'),\n"
                + "  `g` text GENERATED ALWAYS AS ((`a` COLLATE utf8mb4_bin))\n"
                + ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin");
  }
}
