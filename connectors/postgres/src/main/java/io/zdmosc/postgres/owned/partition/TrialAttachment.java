package io.zdmosc.postgres.owned.partition;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.owned.OwnedContext;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Attaches the changed template to an empty copy of its table, and undoes it. */
final class TrialAttachment {
  /** What the server says, never in translation, where it need not read the rows. */
  private static final String IMPLIED = "is implied by existing constraints";

  private final OwnedContext context;
  private final Session session;
  private final Membership membership;
  private final String constraint;
  private final String template;

  TrialAttachment(OwnedContext context, Membership membership, String constraint) {
    this.context = context;
    this.session = context.session();
    this.membership = membership;
    this.constraint = constraint;
    this.template = context.spec().table().sqlName();
  }

  /** Says of the changed template what holds for the partition's rows. */
  static void addCheck(OwnedContext context, Membership membership, String constraint)
      throws SQLException {
    context
        .session()
        .execute(
            "ALTER TABLE "
                + context.spec().table().sqlName()
                + " ADD CONSTRAINT "
                + name(constraint)
                + " CHECK ("
                + membership.condition()
                + ")");
  }

  /** Says of a default partition that it has no row of this one. */
  static String addRestCheck(Membership membership, String constraint) {
    return " ADD CONSTRAINT " + name(constraint) + " CHECK (NOT " + membership.condition() + ")";
  }

  List<Problem> problems() throws SQLException {
    Savepoint before = session.connection().setSavepoint();
    try {
      return attach();
    } catch (SQLException e) {
      return List.of(problem(e.getMessage()));
    } finally {
      session.connection().rollback(before);
    }
  }

  private List<Problem> attach() throws SQLException {
    List<Problem> problems = new ArrayList<>();
    String parent = name(context.spec().table().schema(), "zdm_parent");
    session.execute(
        "CREATE TABLE "
            + parent
            + " (LIKE "
            + membership.parent()
            + " INCLUDING ALL) PARTITION BY "
            + membership.key());
    if (membership.condition() != null) {
      addCheck(context, membership, constraint);
    }
    if (membership.bound().equals("DEFAULT")) {
      others(parent);
    }
    if (membership.hasLargeRest()) {
      String rest = name(context.spec().table().schema(), "zdm_rest");
      session.execute("CREATE TABLE " + rest + " PARTITION OF " + parent + " DEFAULT");
      session.execute("ALTER TABLE " + rest + addRestCheck(membership, "zdm_rest"));
    }
    Set<String> indexes = indexes();
    int implied = attachTo(parent);
    Set<String> missing = indexes();
    missing.removeAll(indexes);
    for (String index : missing) {
      problems.add(
          problem(
              "lacks an index that the server would build under the lock, when it attaches the"
                  + " partition: "
                  + index,
              "Keep it in the clause; or where the partition has none today, as one made with ON ONLY"
                  + " allows, create it on the partition first (CREATE INDEX CONCURRENTLY, unless"
                  + " that is partitioned)."));
    }
    // a hash condition names the table that it belongs to, which the copy is not
    boolean known = membership.condition() != null && !membership.key().startsWith("HASH");
    if (known && implied < (membership.hasLargeRest() ? 2 : 1)) {
      problems.add(
          problem(
              "could be attached again only by reading all of it"
                  + (membership.hasLargeRest() ? ", or of " + membership.rest() + "," : "")
                  + " under the lock"));
    }
    return problems;
  }

  /** What a default partition may hold depends on the bounds of all others. */
  private void others(String parent) throws SQLException {
    List<String> bounds =
        session.query(
            "SELECT pg_get_expr(c.relpartbound, c.oid) FROM pg_inherits h"
                + " JOIN pg_class c ON c.oid = h.inhrelid"
                + " WHERE h.inhparent = ?::regclass AND c.oid <> ?::oid",
            row -> row.getString(1),
            membership.parent(),
            context.source().table().oid());
    String schema = context.spec().table().schema();
    for (int i = 0; i < bounds.size(); i++) {
      String other = name(schema, "zdm_other_" + i);
      session.execute("CREATE TABLE " + other + " PARTITION OF " + parent + " " + bounds.get(i));
    }
  }

  /** How many tables the server does not read because it knows what they hold. */
  private int attachTo(String parent) throws SQLException {
    session.execute("SET LOCAL client_min_messages = debug1");
    int implied = 0;
    try (Statement statement = session.connection().createStatement()) {
      statement.execute(
          "ALTER TABLE " + parent + " ATTACH PARTITION " + template + " " + membership.bound());
      for (SQLWarning said = statement.getWarnings(); said != null; said = said.getNextWarning()) {
        implied += said.getMessage().contains(IMPLIED) ? 1 : 0;
      }
    }
    session.execute("SET LOCAL client_min_messages = warning");
    return implied;
  }

  /** Without the table, which is a copy. */
  private Set<String> indexes() throws SQLException {
    return new HashSet<>(
        session.query(
            """
            SELECT format('%s%I %s', CASE WHEN i.indisunique THEN 'UNIQUE ' END, c.relname,
                          substring(pg_get_indexdef(c.oid) FROM ' (USING .*)'))
              FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = ?::oid""",
            row -> row.getString(1), context.spec().table().oid()));
  }

  private Problem problem(String what) {
    return problem(
        what, "Keep to what a partition may have of its own (indexes, storage, checks).");
  }

  private Problem problem(String what, String remedy) {
    return new Problem(
        "partition " + context.source().table().sqlName() + " of " + membership.parent(),
        what,
        remedy);
  }
}
