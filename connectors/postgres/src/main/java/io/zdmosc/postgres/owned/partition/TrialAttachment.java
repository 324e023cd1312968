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
    Set<String> indexes = indexes();
    boolean implied = attachTo(parent);
    Set<String> missing = indexes();
    missing.removeAll(indexes);
    for (String index : missing) {
      problems.add(problem("lacks an index that each partition of the table must have: " + index));
    }
    // a hash condition names the table that it belongs to, which the copy is not
    boolean known = membership.condition() != null && !membership.key().startsWith("HASH");
    if (known && !implied) {
      problems.add(problem("could be attached again only by reading all of it under the lock"));
    }
    return problems;
  }

  /** Whether the server can do it without reading the rows. */
  private boolean attachTo(String parent) throws SQLException {
    session.execute("SET LOCAL client_min_messages = debug1");
    boolean implied = false;
    try (Statement statement = session.connection().createStatement()) {
      statement.execute(
          "ALTER TABLE " + parent + " ATTACH PARTITION " + template + " " + membership.bound());
      for (SQLWarning said = statement.getWarnings(); said != null; said = said.getNextWarning()) {
        implied |= said.getMessage().contains(IMPLIED);
      }
    }
    session.execute("SET LOCAL client_min_messages = warning");
    return implied;
  }

  private Set<String> indexes() throws SQLException {
    return new HashSet<>(
        session.query(
            "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = ?::oid",
            row -> row.getString(1),
            context.spec().table().oid()));
  }

  private Problem problem(String what) {
    return new Problem(
        "partition " + context.source().table().sqlName() + " of " + membership.parent(),
        what,
        "Keep to what a partition may have of its own (indexes, storage, checks).");
  }
}
