package io.zdmosc.mysql.plan.checks;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.mysql.catalog.TableInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Only ordinary InnoDB tables can be migrated: others have no transactions to follow. */
public final class TableKindCheck implements Check {
  private static final Set<String> SYSTEM =
      Set.of("mysql", "information_schema", "performance_schema", "sys", "zdm_osc");

  @Override
  public List<Problem> run(CheckContext context) {
    TableInfo table = context.table();
    List<Problem> problems = new ArrayList<>();
    String kind =
        switch (table.type()) {
          case "BASE TABLE" -> "";
          case "VIEW", "SYSTEM VIEW" -> "is a view";
          case "SYSTEM VERSIONED" ->
              "is system-versioned: old versions of rows cannot be told apart by a key, so their"
                  + " history could not be followed";
          case "SEQUENCE" -> "is a sequence";
          default -> "is not an ordinary table";
        };
    if (!kind.isEmpty()) {
      problems.add(new Problem(table.sqlName(), kind, remedy(table)));
    } else if (!table.engine().equalsIgnoreCase("InnoDB")) {
      problems.add(
          new Problem(
              table.sqlName(),
              "is of storage engine " + table.engine() + ", which has no transactions",
              "ALTER TABLE ... ENGINE = InnoDB first."));
    }
    if (SYSTEM.contains(table.schema().toLowerCase(Locale.ROOT))) {
      problems.add(
          new Problem(table.sqlName(), "belongs to the system", "Name a table of your own."));
    }
    return problems;
  }

  private static String remedy(TableInfo table) {
    return table.type().equals("SYSTEM VERSIONED")
        ? "Use ALTER TABLE with system_versioning_alter_history = KEEP; or, where the history may"
            + " go, ALTER TABLE ... DROP SYSTEM VERSIONING before the migration and ADD SYSTEM"
            + " VERSIONING after it."
        : "Name an ordinary table.";
  }
}
