package io.zdmosc.harness.workload.postgres;

import static io.zdmosc.harness.workload.table.PayloadIds.AMOUNT;
import static io.zdmosc.harness.workload.table.PayloadIds.AT;
import static io.zdmosc.harness.workload.table.PayloadIds.BIG;
import static io.zdmosc.harness.workload.table.PayloadIds.BUCKET;
import static io.zdmosc.harness.workload.table.PayloadIds.CNT;
import static io.zdmosc.harness.workload.table.PayloadIds.FLAG;
import static io.zdmosc.harness.workload.table.PayloadIds.NOTE;
import static io.zdmosc.harness.workload.table.PayloadIds.U;

import io.zdmosc.harness.workload.table.Alteration;
import io.zdmosc.harness.workload.table.ChangeBuilder;
import io.zdmosc.harness.workload.table.TableSpec;
import java.util.List;

/** Changes of constraints, defaults, storage, the table's name and its primary key. */
public final class PostgresOtherChanges {
  public static final List<Alteration> ALL =
      List.of(
          Alteration.of("rebuild", c -> {}),
          Alteration.of(
              "rename_constraint",
              c -> c.clause("RENAME CONSTRAINT " + owned(c, "u_key") + " TO \"new name\"")),
          Alteration.of("drop_constraint", c -> c.clause("DROP CONSTRAINT " + owned(c, "u_key"))),
          Alteration.of(
              "add_check", c -> c.clause("ADD CONSTRAINT era_check CHECK (%s >= 0)", BUCKET)),
          Alteration.of(
              "add_check_not_valid",
              c -> c.clause("ADD CONSTRAINT nv_check CHECK (%s >= 0) NOT VALID", CNT)),
          Alteration.of(
              "add_unique", c -> c.clause("ADD CONSTRAINT pair_key UNIQUE (%s, %s)", BUCKET, U)),
          Alteration.of("set_not_null", c -> c.clause("ALTER COLUMN %s SET NOT NULL", AMOUNT)),
          Alteration.of("drop_not_null", c -> c.clause("ALTER COLUMN %s DROP NOT NULL", CNT)),
          Alteration.of("set_default", c -> c.clause("ALTER COLUMN %s SET DEFAULT 'it''s'", NOTE)),
          Alteration.of(
              "drop_defaults",
              c ->
                  c.clause("ALTER COLUMN %s DROP DEFAULT", AT)
                      .clause("ALTER COLUMN %s DROP DEFAULT", FLAG)),
          Alteration.of("storage", c -> c.clause("ALTER COLUMN %s SET STORAGE EXTERNAL", BIG)),
          Alteration.of("compression", c -> c.clause("ALTER COLUMN %s SET COMPRESSION pglz", BIG)),
          Alteration.of("statistics", c -> c.clause("ALTER COLUMN %s SET STATISTICS 500", NOTE)),
          Alteration.of("fillfactor", c -> c.clause("SET (fillfactor = 70)")),
          Alteration.of("rename_table", c -> c.renameTable("renamed \"table")),
          new Alteration(
              "replace_primary_key",
              PostgresOtherChanges::hasReplaceableKey,
              PostgresOtherChanges::replaceKey),
          Alteration.of("several", PostgresOtherChanges::several));

  private PostgresOtherChanges() {}

  private static boolean hasReplaceableKey(TableSpec table) {
    return table.key().primaryKey() && !table.uniqueNullable() && !table.uniqueDeferrable();
  }

  private static void replaceKey(ChangeBuilder c) {
    c.clause("DROP CONSTRAINT " + owned(c, "pkey"))
        .clause("ADD CONSTRAINT " + owned(c, "pkey") + " PRIMARY KEY (%s)", U)
        .identity(U);
  }

  private static void several(ChangeBuilder c) {
    c.clause("ALTER COLUMN %s TYPE numeric(20,6)", AMOUNT)
        .becomes(AMOUNT, c.quoted(AMOUNT) + "::numeric(20,6)")
        .add("added", "text DEFAULT 'x'", "'x'")
        .drop(NOTE)
        .clause("ADD CONSTRAINT several_check CHECK (%s >= 0)", BUCKET)
        .clause("ALTER COLUMN %s SET NOT NULL", AMOUNT);
  }

  private static String owned(ChangeBuilder c, String suffix) {
    return PostgresDialect.INSTANCE.quote(c.table().naming().owned(suffix)).replace("%", "%%");
  }
}
