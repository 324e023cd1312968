package io.zdmosc.postgres.plan.checks;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.owned.AllTablesPublications;
import java.sql.SQLException;
import java.util.List;

/** Publications of all tables must be allowed by name. */
public final class AllTablesCheck implements Check {

  @Override
  public List<Problem> run(CheckContext context) throws SQLException {
    return new AllTablesPublications(
            context.session(), context.request().dependents().allTablesPublications())
        .problems(context.table().sqlName());
  }
}
