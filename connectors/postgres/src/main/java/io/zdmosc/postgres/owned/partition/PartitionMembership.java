package io.zdmosc.postgres.owned.partition;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.handover.FirstLock;
import io.zdmosc.postgres.handover.Handover;
import io.zdmosc.postgres.handover.Transfer;
import io.zdmosc.postgres.owned.OwnedContext;
import io.zdmosc.postgres.owned.OwnedKind;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A partition leaves its table in the swap, and the new one takes its place. A check constraint on
 * the new one, there from its first row on, says what the server would have to read all rows for.
 */
public final class PartitionMembership implements OwnedKind {
  /** The server looks through the default partition under the lock: so much is done in no time. */
  private static final long MOST_REST_BYTES = 8L << 20;

  @Override
  public List<Problem> problems(OwnedContext context) throws SQLException {
    Session session = context.session();
    long oid = context.source().table().oid();
    Optional<Membership> found = Membership.of(session, oid);
    if (found.isEmpty()) {
      return List.of();
    }
    Membership membership = found.get();
    List<Problem> problems = new ArrayList<>();
    if (!membership.owned()) {
      problems.add(
          new Problem(
              "table " + membership.parent(),
              "has this partition, and the role does not own it",
              "GRANT " + membership.parentOwner() + " TO the role."));
    }
    if (membership.restBytes() > MOST_REST_BYTES) {
      problems.add(
          new Problem(
              "the default partition of " + membership.parent(),
              "is larger than "
                  + (MOST_REST_BYTES >> 20)
                  + " MB, and the server would read all of it under the lock",
              "Move its rows into partitions of their own first."));
    }
    inheritedKeys(session, oid, problems);
    if (problems.isEmpty()) {
      problems.addAll(new TrialAttachment(context, membership, constraint(context)).problems());
    }
    return problems;
  }

  private static void inheritedKeys(Session session, long oid, List<Problem> problems)
      throws SQLException {
    List<String> keys =
        session.query(
            """
            SELECT format('foreign key %I of %s', conname, conrelid::regclass) FROM pg_constraint
             WHERE contype = 'f' AND conparentid <> 0 AND ?::oid IN (conrelid, confrelid)""",
            row -> row.getString(1), oid);
    for (String key : keys) {
      problems.add(
          new Problem(
              key,
              "belongs to the whole table, and the server would check it anew under the lock",
              "Drop it first and create it again afterwards."));
    }
  }

  @Override
  public Handover handover(OwnedContext context) throws SQLException {
    Optional<Membership> found = Membership.of(context.session(), context.source().table().oid());
    if (found.isEmpty()) {
      return Handover.NONE;
    }
    Membership membership = found.get();
    String parent = "ALTER TABLE " + membership.parent();
    String served = context.spec().servedSql();
    List<String> attach = new ArrayList<>();
    attach.add(parent + " ATTACH PARTITION " + served + " " + membership.bound());
    if (membership.condition() != null) {
      TrialAttachment.addCheck(context, membership, constraint(context));
      attach.add("ALTER TABLE " + served + " DROP CONSTRAINT " + name(constraint(context)));
    }
    return new Handover(
        List.of(),
        new Transfer(
            List.of(
                new FirstLock(
                    membership.parent(),
                    "LOCK TABLE ONLY " + membership.parent() + " IN ACCESS EXCLUSIVE MODE")),
            List.of(parent + " DETACH PARTITION " + context.source().table().sqlName()),
            attach,
            List.of()),
        Transfer.NONE);
  }

  private static String constraint(OwnedContext context) {
    return context.aside("p", 0);
  }
}
