package io.zdmosc.postgres.owned.dependent;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Whether the role may do with a view what the swap is going to. */
final class ViewCheck {
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
    for (OtherDependents.Dependent each : new OtherDependents(session).of(view.oid(), false)) {
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
    if (view.extension() != null) {
      refuse("belongs to extension " + view.extension(), problems);
    }
    if (session.test(
        "SELECT EXISTS (SELECT FROM pg_seclabel WHERE classoid = 'pg_class'::regclass"
            + " AND objoid = ?::oid)",
        view.oid())) {
      refuse("has a security label", problems);
    }
    if (session.test(
        "SELECT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = ?::oid AND NOT tgisinternal"
            + " AND tgenabled <> 'O') OR EXISTS (SELECT FROM pg_rewrite WHERE ev_class = ?::oid"
            + " AND ev_enabled <> 'O')",
        view.oid(),
        view.oid())) {
      refuse("has a trigger or rule that is not enabled in the ordinary way", problems);
    }
    for (OtherDependents.Dependent each : new OtherDependents(session).of(view.oid(), false)) {
      refuse(each.words() + " depends on it", problems);
    }
    return problems;
  }

  private void refuse(String what, List<Problem> problems) {
    problems.add(
        new Problem(
            view.words(),
            "has to be made anew, since columns of it change, and " + what,
            "Change or drop it first, and make it again afterwards."));
  }
}
