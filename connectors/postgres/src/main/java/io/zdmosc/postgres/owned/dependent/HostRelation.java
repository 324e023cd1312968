package io.zdmosc.postgres.owned.dependent;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.handover.FirstLock;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.Sql;
import java.sql.SQLException;
import java.util.List;

/**
 * Another relation, of which a rule, policy or default mentions the table.
 *
 * @param kind {@code pg_class.relkind}
 * @param nothing for views a query that gives the same columns and reads nothing
 */
record HostRelation(long oid, RelationName name, char kind, String owner, String nothing) {

  static HostRelation read(Session session, long oid) throws SQLException {
    boolean view = session.test("SELECT relkind = 'v' FROM pg_class WHERE oid = ?::oid", oid);
    String nothing = view ? new ViewCatalog(session).read(List.of(oid)).get(0).nothing() : "";
    return session
        .first(
            "SELECT n.nspname, c.relname, c.relkind, pg_get_userbyid(c.relowner) FROM pg_class c"
                + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ?::oid",
            row ->
                new HostRelation(
                    oid,
                    new RelationName(row.getString(1), row.getString(2)),
                    row.getString(3).charAt(0),
                    row.getString(4),
                    nothing),
            oid)
        .orElseThrow();
  }

  /** The same with the columns of another view. */
  HostRelation like(ViewInfo view) {
    return new HostRelation(oid, name, kind, owner, view.nothing());
  }

  /** Makes one with the same columns, empty. */
  RelationName copy(Session session, String schema) throws SQLException {
    RelationName copy = new RelationName(schema, name.name());
    session.execute(
        kind == 'v'
            ? "CREATE VIEW " + copy.sql() + " AS " + nothing
            : "CREATE TABLE " + copy.sql() + " (LIKE " + name.sql() + ")");
    return copy;
  }

  FirstLock lock() {
    if (kind == 'v') {
      return new FirstLock(name.sql(), "ALTER VIEW " + name.sql() + " OWNER TO " + Sql.name(owner));
    }
    String lock = "LOCK TABLE ONLY " + name.sql() + " IN ";
    return new FirstLock(
        name.sql(), lock + "ACCESS EXCLUSIVE MODE", lock + "SHARE UPDATE EXCLUSIVE MODE");
  }

  List<Problem> problems(Session session, String words) throws SQLException {
    if (session.test("SELECT pg_has_role(current_user, ?::name, 'USAGE')", owner)) {
      return List.of();
    }
    String role = session.text("SELECT current_user").orElseThrow();
    return List.of(
        new Problem(
            words,
            "belongs to role " + owner + ", which role " + role + " is not a member of",
            "GRANT " + Sql.name(owner) + " TO " + Sql.name(role) + "."));
  }
}
