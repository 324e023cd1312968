package io.zdmosc.harness.workload.postgres;

import static io.zdmosc.harness.workload.table.PayloadIds.AMOUNT;
import static io.zdmosc.harness.workload.table.PayloadIds.BIG;
import static io.zdmosc.harness.workload.table.PayloadIds.CNT;
import static io.zdmosc.harness.workload.table.PayloadIds.DOC;
import static io.zdmosc.harness.workload.table.PayloadIds.GEN;
import static io.zdmosc.harness.workload.table.PayloadIds.NOTE;
import static io.zdmosc.harness.workload.table.PayloadIds.U;

import io.zdmosc.harness.workload.table.Alteration;
import io.zdmosc.harness.workload.table.ChangeBuilder;
import java.util.List;

/** Changes that add, drop or rename columns. */
public final class PostgresColumnChanges {
  public static final List<Alteration> ALL =
      List.of(
          Alteration.of("add_column", c -> c.add("extra", "text", "NULL")),
          Alteration.of(
              "add_constant_default", c -> c.add("added", "integer NOT NULL DEFAULT 7", "7")),
          Alteration.of(
              "add_volatile_default",
              c -> c.addUnknown("token", "uuid NOT NULL DEFAULT gen_random_uuid()")),
          Alteration.of(
              "add_generated",
              c -> {
                String twice = "(" + c.quoted(CNT) + "::bigint * 2)";
                c.add("twice", "bigint GENERATED ALWAYS AS " + twice + " STORED", twice);
              }),
          Alteration.of("drop_text", c -> c.drop(NOTE)),
          Alteration.of("drop_json", c -> c.drop(DOC)),
          Alteration.of("drop_unique_column", c -> c.drop(U)),
          Alteration.needing(GEN, "drop_generated", c -> c.drop(GEN)),
          Alteration.of("rename_column", c -> c.rename(NOTE, "remark")),
          Alteration.of(
              "rename_to_hostile", c -> c.rename(AMOUNT, "a\"m ount','$1").rename(NOTE, "from")),
          new Alteration(
              "rename_key", table -> true, c -> c.rename(c.table().keyIds().get(0), "renamed_key")),
          Alteration.of("swap_names", PostgresColumnChanges::swapNames));

  private PostgresColumnChanges() {}

  private static void swapNames(ChangeBuilder c) {
    String note = c.table().column(NOTE).name();
    String big = c.table().column(BIG).name();
    c.guard().rename(NOTE, "swap_tmp").rename(BIG, note).rename(NOTE, big);
  }
}
