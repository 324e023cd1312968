package io.zdmosc.postgres.owned;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.handover.FirstLock;
import io.zdmosc.postgres.handover.Handover;
import io.zdmosc.postgres.handover.Transfer;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A table that inherits from others, and is no partition. In the swap the old one leaves them and
 * the new one takes its place, so that who reads a parent finds each row once at every moment.
 *
 * <p>The server asks for weak locks on the parents only. That is not enough: a statement on a
 * parent looks up the children first and locks them then. One that waited for the table would go on
 * with the retired one, and what it writes would be lost. So the parents are locked before the
 * table, where such a statement begins; when it goes on it looks up the children anew.
 */
final class InheritanceKind implements OwnedKind {
  /**
   * A table from which it inherits.
   *
   * @param sql qualified, as SQL has it
   * @param kind {@code pg_class.relkind}
   * @param owned whether the session's role is its owner, or a member of it
   * @param owner as SQL has it
   */
  private record Parent(long oid, String sql, char kind, boolean owned, String owner) {
    String leave(String table) {
      return "ALTER TABLE " + table + " NO INHERIT " + sql;
    }

    String join(String table) {
      return "ALTER TABLE " + table + " INHERIT " + sql;
    }

    FirstLock lock() {
      String lock = "LOCK TABLE ONLY " + sql + " IN ";
      return new FirstLock(
          sql, lock + "ACCESS EXCLUSIVE MODE", lock + "SHARE UPDATE EXCLUSIVE MODE");
    }
  }

  private static List<Parent> parents(OwnedContext context) throws SQLException {
    return context
        .session()
        .query(
            """
            SELECT p.oid::bigint, n.nspname, p.relname, p.relkind,
                   pg_has_role(current_user, p.relowner, 'USAGE'),
                   quote_ident(pg_get_userbyid(p.relowner))
              FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid AND NOT c.relispartition
              JOIN pg_class p ON p.oid = h.inhparent
              JOIN pg_namespace n ON n.oid = p.relnamespace
             WHERE c.oid = ?::oid ORDER BY h.inhseqno\
            """,
            row ->
                new Parent(
                    row.getLong(1),
                    name(row.getString(2), row.getString(3)),
                    row.getString(4).charAt(0),
                    row.getBoolean(5),
                    row.getString(6)),
            context.source().table().oid());
  }

  @Override
  public List<Problem> problems(OwnedContext context) throws SQLException {
    List<Problem> problems = new ArrayList<>();
    List<Parent> parents = parents(context);
    for (Parent parent : parents) {
      if (!parent.owned()) {
        problems.add(
            new Problem(
                "table " + parent.sql(),
                "has this child, and the role does not own it",
                "GRANT " + parent.owner() + " TO the role."));
      } else if (parent.kind() != 'r') {
        problems.add(
            new Problem(
                "foreign table " + parent.sql(),
                "has this child, and cannot be locked for the swap",
                "Take the table out for the time: ALTER TABLE ... NO INHERIT, and afterwards"
                    + " INHERIT."));
      }
    }
    return problems.isEmpty() ? tried(context, parents) : problems;
  }

  /** Whether the changed table still fits its parents, the server knows. */
  private static List<Problem> tried(OwnedContext context, List<Parent> parents)
      throws SQLException {
    List<Problem> problems = new ArrayList<>();
    Session session = context.session();
    for (Parent parent : parents) {
      Savepoint before = session.connection().setSavepoint();
      try {
        session.execute(parent.join(context.spec().table().sqlName()));
      } catch (SQLException e) {
        if (Failures.isLockTimeout(e)) {
          throw e;
        }
        problems.add(
            new Problem(
                context.sourceName().sql(),
                "inherits from "
                    + parent.sql()
                    + ", and after the change it could not: "
                    + e.getMessage(),
                "Columns and constraints that are inherited change with the parent only. Mend the"
                    + " clause, or take the table out of the tree first: ALTER TABLE ... NO"
                    + " INHERIT."));
      } finally {
        session.rollbackTo(before);
      }
    }
    return problems;
  }

  @Override
  public List<String> carried(OwnedContext context) throws SQLException {
    return parents(context).stream()
        .map(
            parent ->
                "inherits from "
                    + parent.sql()
                    + ": from the old table to the new one; what goes through that waits too")
        .toList();
  }

  @Override
  public List<String> warnings(OwnedContext context) throws SQLException {
    String columns =
        context
            .session()
            .query(
                "SELECT attname FROM pg_attribute WHERE attrelid = ?::oid AND attnum > 0"
                    + " AND NOT attislocal AND NOT attisdropped AND attinhcount > 0"
                    + " AND NOT (SELECT relispartition FROM pg_class WHERE oid = attrelid)"
                    + " ORDER BY attnum",
                row -> name(row.getString(1)),
                context.source().table().oid())
            .stream()
            .collect(Collectors.joining(", "));
    return columns.isEmpty()
        ? List.of()
        : List.of(
            "columns that the table only inherits ("
                + columns
                + ") are its own as well afterwards, as by ALTER TABLE ... INHERIT: one that is"
                + " dropped from the parent has to be dropped from the table too");
  }

  @Override
  public Handover handover(OwnedContext context) throws SQLException {
    List<Parent> parents = parents(context);
    List<FirstLock> locks =
        parents.stream()
            .sorted(Comparator.comparingLong(Parent::oid)) // as the server does from above
            .map(Parent::lock)
            .toList();
    String source = context.sourceName().sql();
    String served = context.servedName().sql();
    return new Handover(
        List.of(),
        transfer(parents, locks, source, served),
        transfer(parents, locks, served, source));
  }

  private static Transfer transfer(
      List<Parent> parents, List<FirstLock> locks, String from, String to) {
    return new Transfer(
        locks,
        parents.stream().map(parent -> parent.leave(from)).toList(),
        parents.stream().map(parent -> parent.join(to)).toList(),
        List.of());
  }
}
