package io.zdmosc.mysql.plan.checks;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.mysql.catalog.Catalog;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Foreign keys of the table and to it, which are not carried over, by name. */
public final class OwnedObjectsCheck implements Check {
  private static final String OWN =
      """
      SELECT CONSTRAINT_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS
       WHERE CONSTRAINT_SCHEMA = ? AND TABLE_NAME = ? ORDER BY 1\
      """;

  @Override
  public List<Problem> run(CheckContext context) throws SQLException {
    String schema = context.table().schema();
    String table = context.table().name();
    List<Problem> problems = new ArrayList<>();
    for (String key : context.session().query(OWN, row -> row.getString(1), schema, table)) {
      problems.add(problem(context, "has foreign key " + key));
    }
    for (String key : new Catalog(context.session()).referringKeys(schema, table)) {
      problems.add(problem(context, "is referred to by foreign key " + key));
    }
    return problems;
  }

  private static Problem problem(CheckContext context, String what) {
    return new Problem(
        context.table().sqlName(),
        what + ", which cannot be carried over safely",
        "Use ALTER TABLE; or drop the key, and make it again after the migration.");
  }
}
