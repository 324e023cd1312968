package io.zdmosc.harness.workload.mysql;

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

/** Changes that add, drop, rename or move columns. */
public final class MySqlColumnChanges {
  public static final List<Alteration> ALL =
      List.of(
          Alteration.of("add_column", c -> c.add("extra", "text", "NULL")),
          Alteration.of("add_first", c -> c.add("extra", "int NULL FIRST", "NULL")),
          Alteration.of(
              "add_after", c -> c.add("extra", "int NULL AFTER " + c.quoted(NOTE), "NULL")),
          Alteration.of("add_constant_default", c -> c.add("added", "int NOT NULL DEFAULT 7", "7")),
          Alteration.of(
              "add_volatile_default",
              c -> c.addUnknown("added_at", "timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)")),
          Alteration.of(
              "add_generated",
              c -> {
                String twice = "(" + c.quoted(CNT) + " * 2)";
                c.add("twice", "bigint GENERATED ALWAYS AS " + twice + " STORED", twice);
              }),
          Alteration.of(
              "add_virtual",
              c -> {
                String length = "(char_length(" + c.quoted(NOTE) + "))";
                c.add("note_length", "int GENERATED ALWAYS AS " + length + " VIRTUAL", length);
              }),
          Alteration.of("drop_text", c -> c.drop(NOTE)),
          Alteration.of("drop_json", c -> c.drop(DOC)),
          Alteration.of("drop_unique_column", c -> c.drop(U)),
          Alteration.needing(GEN, "drop_generated", c -> c.drop(GEN)),
          Alteration.of("move_column", c -> move(c, NOTE, " FIRST")),
          Alteration.of("rename_column", c -> c.rename(NOTE, "remark")),
          Alteration.of(
              "rename_to_hostile", c -> c.rename(AMOUNT, "a`m ount','$1").rename(NOTE, "from")),
          Alteration.of(
              "change_column",
              c -> {
                c.clause("CHANGE COLUMN %s `remark` varchar(300) NULL", NOTE);
                c.renamed(NOTE, "remark");
              }),
          Alteration.of("rename_key", c -> c.rename(c.table().keyIds().get(0), "renamed_key")),
          Alteration.of("swap_names", MySqlColumnChanges::swapNames));

  private MySqlColumnChanges() {}

  private static void move(ChangeBuilder c, String id, String where) {
    c.clause("MODIFY COLUMN %s " + MySqlTables.declaration(c.table().column(id)) + where, id);
  }

  /** Both renames mean the names from before. */
  private static void swapNames(ChangeBuilder c) {
    String note = c.table().column(NOTE).name();
    String big = c.table().column(BIG).name();
    c.guard().rename(NOTE, big).rename(BIG, note);
  }
}
