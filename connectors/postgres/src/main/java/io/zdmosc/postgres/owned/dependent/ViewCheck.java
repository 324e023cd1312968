package io.zdmosc.postgres.owned.dependent;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Whether the role may do with a view what the swap is going to. */
final class ViewCheck {
  /** Else what is made in its place cannot be handed to it. */
  private static final String OWNER_MAY_CREATE =
      """
      SELECT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
             OR has_schema_privilege(relowner, relnamespace, 'CREATE')
        FROM pg_class WHERE oid = ?::oid\
      """;

  /** Others may be read only by their policies, which the refresh does not go by. */
  private static final String HIDDEN =
      """
      SELECT DISTINCT format('%I.%I', n.nspname, c.relname)
        FROM pg_class v JOIN pg_rewrite r ON r.ev_class = v.oid AND r.rulename = '_RETURN'
        JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
         AND d.refclassid = 'pg_class'::regclass
        JOIN pg_class c ON c.oid = d.refobjid AND c.relrowsecurity
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_roles o ON o.oid = v.relowner
       WHERE v.oid = ?::oid AND NOT o.rolsuper AND NOT o.rolbypassrls
         AND (c.relforcerowsecurity OR NOT pg_has_role(o.oid, c.relowner, 'USAGE'))
       ORDER BY 1\
      """;

  private static final String UNREADABLE =
      """
      SELECT DISTINCT format('%I.%I', n.nspname, c.relname)
        FROM pg_class v JOIN pg_rewrite r ON r.ev_class = v.oid AND r.rulename = '_RETURN'
        JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
         AND d.refclassid = 'pg_class'::regclass
        JOIN pg_class c ON c.oid = d.refobjid AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE v.oid = ?::oid AND NOT has_table_privilege(v.relowner, c.oid, 'SELECT')
         AND NOT has_any_column_privilege(v.relowner, c.oid, 'SELECT')
       ORDER BY 1\
      """;

  private final Session session;
  private final ViewInfo view;

  ViewCheck(Session session, ViewInfo view) {
    this.session = session;
    this.view = view;
  }

  /** For one that is given its query anew. */
  List<Problem> replaced() throws SQLException {
    List<Problem> problems = new ArrayList<>();
    String role = session.text("SELECT current_user").orElseThrow();
    if (view.temporary()) {
      problems.add(
          new Problem(
              view.words(),
              "is a temporary one of a session, which nobody else can change",
              "Drop it in its session, or wait until that has ended."));
      return problems;
    }
    if (!session.test(
        "SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class WHERE oid = ?::oid",
        view.oid())) {
      problems.add(
          new Problem(
              view.words(),
              "belongs to role " + view.owner() + ", which role " + role + " is not a member of",
              "GRANT " + name(view.owner()) + " TO " + name(role) + "."));
    }
    if (!session.test("SELECT has_schema_privilege(?::text, 'CREATE')", view.name().schema())) {
      problems.add(
          new Problem(
              view.words(),
              "stands in schema "
                  + view.name().schema()
                  + ", where role "
                  + role
                  + " may not create",
              "GRANT CREATE ON SCHEMA " + name(view.name().schema()) + " TO " + name(role) + "."));
    }
    return problems;
  }

  /** For one that the user gives up. */
  List<Problem> dropped() throws SQLException {
    List<Problem> problems = replaced();
    for (OtherDependents.Dependent each :
        new OtherDependents(session).of(List.of(view.oid()), false)) {
      problems.add(
          new Problem(
              view.words(),
              "cannot be dropped: " + each.words() + " depends on it",
              "Drop that first."));
    }
    return problems;
  }

  /** For one that is made anew. */
  List<Problem> remade() throws SQLException {
    List<Problem> problems = replaced();
    if (!view.temporary() && !session.test(OWNER_MAY_CREATE, view.oid())) {
      problems.add(
          new Problem(
              view.words(),
              "stands in schema " + view.name().schema() + ", where its owner may not create",
              "GRANT CREATE ON SCHEMA "
                  + name(view.name().schema())
                  + " TO "
                  + name(view.owner())
                  + "."));
    }
    if (view.extension() != null) {
      refuse("belongs to extension " + view.extension(), problems);
    }
    if (session.test(
        "SELECT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = ?::oid AND NOT tgisinternal"
            + " AND tgenabled <> 'O') OR EXISTS (SELECT FROM pg_rewrite WHERE ev_class = ?::oid"
            + " AND ev_enabled <> 'O')",
        view.oid(),
        view.oid())) {
      refuse("has a trigger or rule that is not enabled in the ordinary way", problems);
    }
    for (OtherDependents.Dependent each :
        new OtherDependents(session).of(List.of(view.oid()), false)) {
      refuse(each.words() + " depends on it", problems);
    }
    return problems;
  }

  /** For one of which a new one is made before the swap, and filled if it keeps rows. */
  List<Problem> exchanged() throws SQLException {
    List<Problem> problems = remade();
    for (String table : names(HIDDEN)) {
      problems.add(
          new Problem(
              view.words(),
              "is to be filled anew, and the policies of "
                  + table
                  + " hide rows from its owner "
                  + view.owner(),
              "Drop it first, and make it again afterwards; or let the swap drop it:"
                  + " --drop-dependents '"
                  + view.sql()
                  + "'."));
    }
    for (String table : names(UNREADABLE)) {
      problems.add(
          new Problem(
              view.words(),
              "is to be filled anew, and its owner " + view.owner() + " may not read " + table,
              "GRANT SELECT ON " + table + " TO " + name(view.owner()) + "."));
    }
    return problems;
  }

  private List<String> names(String query) throws SQLException {
    return session.query(query, row -> row.getString(1), view.oid());
  }

  private void refuse(String what, List<Problem> problems) {
    problems.add(
        new Problem(
            view.words(),
            view.isMaterialized()
                ? "has to be made anew, and " + what
                : "has to be made anew, since columns of it change, and " + what,
            "Change or drop it first, and make it again afterwards."));
  }
}
