package io.zdmosc.postgres.plan.checks;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.control.ControlRights;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What the role must be allowed to: stream, own the table, create beside it. No superuser. */
public final class PrivilegeCheck implements Check {
  private static final String MAY_STREAM =
      """
      SELECT bool_or(rolreplication OR rolsuper)
             OR EXISTS (SELECT FROM pg_roles r
                         WHERE r.rolname IN ('rds_replication', 'alloydbreplica',
                                             'azure_replication', 'cloudsqlreplica')
                           AND pg_has_role(current_user, r.oid, 'MEMBER'))
        FROM pg_roles WHERE rolname = current_user""";

  @Override
  public List<Problem> run(CheckContext context) throws SQLException {
    Session session = context.session();
    List<Problem> problems = new ArrayList<>();
    String role = session.text("SELECT current_user").orElseThrow();
    String sqlRole = name(role);
    if (!session.test(MAY_STREAM)) {
      problems.add(
          new Problem(
              "role " + role,
              "may not use logical replication",
              "ALTER ROLE "
                  + sqlRole
                  + " REPLICATION (on Amazon RDS: GRANT rds_replication TO "
                  + sqlRole
                  + ")."));
    }
    String table = context.table().sqlName();
    if (!session.test(
        "SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class WHERE oid = ?::oid",
        context.table().oid())) {
      problems.add(
          new Problem(
              "role " + role,
              "does not own table " + table,
              "Connect as "
                  + name(context.table().owner())
                  + ", or: GRANT "
                  + name(context.table().owner())
                  + " TO "
                  + sqlRole
                  + "."));
    }
    if (!session.test("SELECT has_schema_privilege(?::text, 'CREATE')", context.table().schema())) {
      problems.add(
          new Problem(
              "role " + role,
              "may not create tables in schema " + context.table().schema(),
              "GRANT CREATE ON SCHEMA " + name(context.table().schema()) + " TO " + sqlRole + "."));
    }
    database(session, role, problems);
    ControlRights.toUse(session).ifPresent(problems::add);
    referencedTables(context, role, problems);
    return problems;
  }

  private static void database(Session session, String role, List<Problem> problems)
      throws SQLException {
    if (!session.test("SELECT has_database_privilege(current_database(), 'CREATE')")) {
      String database = session.text("SELECT current_database()").orElseThrow();
      problems.add(
          new Problem(
              "role " + role,
              "may not create a publication and the schema zdm_osc in database " + database,
              "GRANT CREATE ON DATABASE " + name(database) + " TO " + name(role) + "."));
    }
  }

  /** The cut-over drops and adds foreign keys, for which it locks the tables that they refer to. */
  private static void referencedTables(CheckContext context, String role, List<Problem> problems)
      throws SQLException {
    List<String> tables =
        context
            .session()
            .query(
                """
                SELECT DISTINCT format('%I.%I', n.nspname, c.relname)
                  FROM pg_constraint f JOIN pg_class c ON c.oid = f.confrelid
                  JOIN pg_namespace n ON n.oid = c.relnamespace
                 WHERE f.conrelid = ?::oid AND f.contype = 'f'
                   AND NOT (has_table_privilege(c.oid, 'REFERENCES')
                            AND has_table_privilege(c.oid, 'UPDATE, DELETE, TRUNCATE'))""",
                row -> row.getString(1), context.table().oid());
    for (String table : tables) {
      problems.add(
          new Problem(
              "role " + role,
              "may not lock table " + table + ", to which a foreign key refers",
              "GRANT REFERENCES, UPDATE ON " + table + " TO " + name(role) + "."));
    }
  }
}
