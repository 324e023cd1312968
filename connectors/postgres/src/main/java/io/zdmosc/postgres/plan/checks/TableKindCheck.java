package io.zdmosc.postgres.plan.checks;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.catalog.TableInfo;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Only ordinary tables whose changes are logged can be migrated. */
public final class TableKindCheck implements Check {
  @Override
  public List<Problem> run(CheckContext context) throws SQLException {
    TableInfo table = context.table();
    List<Problem> problems = new ArrayList<>();
    String kind =
        switch (table.kind()) {
          case 'r', 'p' -> "";
          case 'v' -> "is a view";
          case 'm' -> "is a materialized view";
          case 'f' -> "is a foreign table";
          case 'i', 'I' -> "is an index";
          case 'S' -> "is a sequence";
          default -> "is not an ordinary table";
        };
    if (!kind.isEmpty()) {
      problems.add(new Problem(table.sqlName(), kind, "Name an ordinary table."));
    }
    if (table.persistence() == 't') {
      problems.add(new Problem(table.sqlName(), "is a temporary table", "Use ALTER TABLE."));
    } else if (table.persistence() == 'u') {
      problems.add(
          new Problem(
              table.sqlName(),
              "is UNLOGGED, so its changes cannot be streamed",
              "ALTER TABLE ... SET LOGGED first."));
    }
    if (List.of("pg_catalog", "information_schema", "zdm_osc").contains(table.schema())) {
      problems.add(
          new Problem(table.sqlName(), "belongs to the system", "Name a table of your own."));
    }
    return problems;
  }
}
