package io.zdmosc.harness.workload.mysql;

import static io.zdmosc.harness.workload.mysql.MySqlTypeChanges.retype;
import static io.zdmosc.harness.workload.table.PayloadIds.AMOUNT;
import static io.zdmosc.harness.workload.table.PayloadIds.BUCKET;
import static io.zdmosc.harness.workload.table.PayloadIds.CNT;
import static io.zdmosc.harness.workload.table.PayloadIds.FLAG;
import static io.zdmosc.harness.workload.table.PayloadIds.NOTE;
import static io.zdmosc.harness.workload.table.PayloadIds.RAW;
import static io.zdmosc.harness.workload.table.PayloadIds.U;

import io.zdmosc.harness.workload.table.Alteration;
import io.zdmosc.harness.workload.table.ChangeBuilder;
import io.zdmosc.harness.workload.table.Column;
import io.zdmosc.harness.workload.table.TableSpec;
import java.util.List;

/** Changes of indexes, constraints, defaults, table options, the primary key and the name. */
public final class MySqlOtherChanges {
  public static final List<Alteration> ALL =
      List.of(
          Alteration.of("rebuild", c -> c.clause("ENGINE = InnoDB")),
          Alteration.of("row_format", c -> c.clause("ROW_FORMAT = COMPACT")),
          Alteration.of("comment", c -> c.clause("COMMENT = 'it''s \"new\"'")),
          Alteration.of(
              "convert_character_set",
              c -> c.clause("CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin").valuesChange()),
          Alteration.of(
              "add_index", c -> c.clause("ADD INDEX amount_idx (%s, %s)", AMOUNT, BUCKET)),
          Alteration.of("add_prefix_index", c -> c.clause("ADD INDEX raw_idx (%s(8))", RAW)),
          Alteration.of("add_fulltext", c -> c.clause("ADD FULLTEXT INDEX words (%s)", NOTE)),
          Alteration.of("add_unique", c -> c.clause("ADD UNIQUE pair_key (%s, %s)", BUCKET, U)),
          Alteration.of("drop_index", c -> c.clause("DROP INDEX " + owned(c, "bucket_idx"))),
          Alteration.of(
              "rename_index",
              c -> c.clause("RENAME INDEX " + owned(c, "u_key") + " TO `new name`")),
          Alteration.of(
              "add_check", c -> c.clause("ADD CONSTRAINT era_check CHECK (%s >= 0)", BUCKET)),
          Alteration.of("drop_check", c -> c.clause("DROP CONSTRAINT " + owned(c, "cnt_check"))),
          Alteration.of(
              "set_not_null", c -> retype(c, AMOUNT, c.table().column(AMOUNT).type(), "NOT NULL")),
          Alteration.of("drop_not_null", c -> retype(c, CNT, "int", "NULL")),
          Alteration.of("set_default", c -> c.clause("ALTER COLUMN %s SET DEFAULT 3.5", AMOUNT)),
          Alteration.of("drop_default", c -> c.clause("ALTER COLUMN %s DROP DEFAULT", FLAG)),
          new Alteration(
              "auto_increment",
              table -> table.key().serverGenerated(),
              c -> c.clause("AUTO_INCREMENT = 1500000000")),
          new Alteration(
              "partition", table -> table.key().primaryKey(), MySqlOtherChanges::partition),
          new Alteration(
              "replace_primary_key",
              MySqlOtherChanges::hasReplaceableKey,
              c -> c.clause("DROP PRIMARY KEY, ADD PRIMARY KEY (%s)", U).identity(U)),
          Alteration.of("rename_table", c -> c.renameTable("renamed `table")),
          Alteration.of("several", MySqlOtherChanges::several));

  private MySqlOtherChanges() {}

  /** Every unique index must hold the partitioning columns. No comma goes before PARTITION BY. */
  private static void partition(ChangeBuilder c) {
    c.valuesChange()
        .clause("DROP INDEX " + owned(c, "u_key"))
        .clause("ADD INDEX " + owned(c, "u_idx") + " (%s) PARTITION BY KEY () PARTITIONS 3", U);
  }

  private static boolean hasReplaceableKey(TableSpec table) {
    return table.key().primaryKey() && !table.uniqueNullable() && !table.key().serverGenerated();
  }

  private static void several(ChangeBuilder c) {
    Column amount = c.table().column(AMOUNT);
    c.clause("MODIFY COLUMN %s decimal(24,6) NOT NULL", amount.id())
        .add("added", "varchar(10) DEFAULT 'x'", "'x'")
        .drop(NOTE)
        .clause("ADD CONSTRAINT several_check CHECK (%s >= 0)", BUCKET)
        .clause("ADD INDEX several_idx (%s)", AMOUNT);
  }

  private static String owned(ChangeBuilder c, String suffix) {
    return MySqlDialect.INSTANCE.quote(c.table().naming().owned(suffix)).replace("%", "%%");
  }
}
