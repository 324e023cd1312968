package io.zdmosc.postgres.plan.checks;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.Problem;
import java.sql.SQLException;
import java.util.List;

/**
 * The role must see every row. All sessions of a migration have {@code row_security = off}, with
 * which the server refuses to read a table rather than leave rows out; so this only says earlier
 * what would end the run.
 */
public final class RowSecurityCheck implements Check {
  @Override
  public List<Problem> run(CheckContext context) throws SQLException {
    boolean active =
        context.session().test("SELECT row_security_active(?::oid)", context.table().oid());
    if (!active) {
      return List.of();
    }
    String role = context.session().text("SELECT current_user").orElseThrow();
    return List.of(
        new Problem(
            "role " + role,
            "is subject to the row-level security of "
                + context.table().sqlName()
                + ", so it would not see all of its rows",
            "With FORCE ROW LEVEL SECURITY even the owner is: have a superuser run ALTER ROLE "
                + name(role)
                + " BYPASSRLS, or run the migration as a role that has it."));
  }
}
