package io.zdmosc.postgres.control;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.error.ZdmException;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** What the role must be allowed to in the control schema. */
public final class ControlRights {
  /** Other tables there are those of migrations that are under way. */
  private static final String LACKS =
      """
      SELECT NOT has_schema_privilege(n.oid, 'USAGE')
             OR EXISTS (SELECT FROM pg_class c
                         WHERE c.relnamespace = n.oid
                           AND c.relname IN ('migration', 'transition', 'chunk', 'waiting_key',
                                             'progress', 'commit_probe', 'schedule', 'traffic')
                           AND NOT (has_table_privilege(c.oid, 'SELECT')
                                    AND has_table_privilege(c.oid, 'INSERT')
                                    AND has_table_privilege(c.oid, 'UPDATE')
                                    AND has_table_privilege(c.oid, 'DELETE')))
        FROM pg_namespace n WHERE n.nspname = 'zdm_osc'\
      """;

  private ControlRights() {}

  /**
   * The failure of something that was done in the control schema, with the server's words. Who
   * lacks a right there is refused, since then it is the first thing that fails.
   */
  public static ZdmException failure(SessionFactory sessions, String doing, SQLException e) {
    if (Failures.isDenied(e)) {
      try (Session session = sessions.openUncancelled("rights")) {
        Optional<Problem> lacking = lacking(session);
        if (lacking.isPresent()) {
          return new RefusedException(List.of(lacking.get()), e);
        }
      } catch (SQLException | ZdmException unknown) {
        e.addSuppressed(unknown);
      }
    }
    return Failures.failed(doing, e);
  }

  private static Optional<Problem> lacking(Session session) throws SQLException {
    if (session.test("SELECT to_regnamespace('zdm_osc') IS NULL")) {
      return toMake(session);
    }
    Optional<Problem> toUse = toUse(session);
    return toUse.isPresent() ? toUse : toComplete(session);
  }

  private static Optional<Problem> toMake(Session session) throws SQLException {
    if (session.test("SELECT has_database_privilege(current_database(), 'CREATE')")) {
      return Optional.empty();
    }
    String database = session.text("SELECT current_database()").orElseThrow();
    String role = role(session);
    return Optional.of(
        new Problem(
            "role " + role,
            "may not create the schema zdm_osc in database " + database,
            "GRANT CREATE ON DATABASE " + name(database) + " TO " + name(role) + "."));
  }

  /** What the role lacks to use a control schema that is there. */
  public static Optional<Problem> toUse(Session session) throws SQLException {
    if (!session.test(LACKS)) {
      return Optional.empty();
    }
    String role = role(session);
    String owner = owner(session);
    return Optional.of(
        new Problem(
            "role " + role,
            "may not read and write the schema zdm_osc, the record of all migrations, which belongs"
                + " to role "
                + owner,
            "Connect as "
                + name(owner)
                + ", or as it: GRANT USAGE, CREATE ON SCHEMA zdm_osc TO "
                + name(role)
                + "; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA zdm_osc TO "
                + name(role)
                + "; (to look only, USAGE and SELECT are enough)"));
  }

  private static Optional<Problem> toComplete(Session session) throws SQLException {
    if (session.test(
        "SELECT pg_has_role(current_user, nspowner, 'USAGE') FROM pg_namespace"
            + " WHERE nspname = 'zdm_osc'")) {
      return Optional.empty();
    }
    String owner = owner(session);
    return Optional.of(
        new Problem(
            "role " + role(session),
            "may not complete the schema zdm_osc, which another version of zdm-osc has made and"
                + " which belongs to role "
                + owner,
            "Connect as " + name(owner) + " once: zdm-osc status."));
  }

  private static String role(Session session) throws SQLException {
    return session.text("SELECT current_user").orElseThrow();
  }

  private static String owner(Session session) throws SQLException {
    return session
        .text("SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'zdm_osc'")
        .orElseThrow();
  }
}
