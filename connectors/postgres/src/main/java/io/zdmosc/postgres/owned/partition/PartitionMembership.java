package io.zdmosc.postgres.owned.partition;

import static io.zdmosc.postgres.sql.Sql.literal;
import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.control.MigrationNames;
import io.zdmosc.postgres.handover.FirstLock;
import io.zdmosc.postgres.handover.FollowUp;
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
  /** The first version in which partitions have their table's identity columns. */
  private static final int IDENTITY_FROM_ABOVE = 170000;

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
    if (membership.hasLargeRest()) {
      rest(context, membership, problems);
    }
    identity(context, problems);
    if (problems.isEmpty()) {
      problems.addAll(new TrialAttachment(context, membership, constraint(context)).problems());
    }
    return problems;
  }

  /** Tried on 18: to a partition of what is attached, the server says nothing of identity. */
  private static void identity(OwnedContext context, List<Problem> problems) throws SQLException {
    if (!context.source().table().isPartitioned() || context.version() < IDENTITY_FROM_ABOVE) {
      return;
    }
    List<String> columns =
        context
            .session()
            .query(
                "SELECT attname FROM pg_attribute WHERE attrelid = ?::oid AND attnum > 0"
                    + " AND NOT attisdropped AND attidentity <> '' ORDER BY attnum",
                row -> name(row.getString(1)),
                context.source().table().oid());
    for (String column : columns) {
      problems.add(
          new Problem(
              "partition " + context.source().table().sqlName(),
              "is partitioned itself, and its partitions would not have the identity of column "
                  + column
                  + " any more: the server gives that to a table which is attached, and not to"
                  + " its partitions",
              "Change the whole table, or its partitions one by one."));
    }
  }

  private static void rest(OwnedContext context, Membership membership, List<Problem> problems) {
    if (!membership.restOwned()) {
      problems.add(
          new Problem(
              "the default partition " + membership.rest(),
              "is large, so it needs a constraint for the time of the migration, and the role does"
                  + " not own it",
              "GRANT its owner TO the role."));
    }
    if (context.request().hold()) {
      problems.add(
          new Problem(
              "the default partition " + membership.rest(),
              "is so large that the server would need too long to read it under the lock of a"
                  + " rollback",
              "Run without --hold, or move its rows into partitions of their own first."));
    }
  }

  @Override
  public List<String> carried(OwnedContext context) throws SQLException {
    return Membership.of(context.session(), context.source().table().oid())
        .filter(Membership::hasLargeRest)
        .map(
            membership ->
                "the default partition "
                    + membership.rest()
                    + " gets a check constraint for the time, so that it is not read under the lock")
        .map(List::of)
        .orElse(List.of());
  }

  @Override
  public Handover handover(OwnedContext context) throws SQLException {
    Optional<Membership> found = Membership.of(context.session(), context.source().table().oid());
    if (found.isEmpty()) {
      return Handover.NONE;
    }
    Membership membership = found.get();
    String served = context.spec().servedSql();
    String source = context.source().table().sqlName();
    if (membership.condition() != null) {
      TrialAttachment.addCheck(context, membership, constraint(context));
    }
    List<String> attach = attach(context, membership, served);
    List<FollowUp> afterwards = new ArrayList<>();
    if (context.request().hold() && membership.condition() != null) {
      keepProof(context, membership, attach, afterwards);
    }
    List<FollowUp> ahead = new ArrayList<>();
    if (membership.hasLargeRest()) {
      spareRest(context, membership, ahead, attach);
    }
    return new Handover(
        List.of(),
        ahead,
        List.of(),
        new Transfer(lock(membership), List.of(detach(membership, source)), attach, afterwards),
        new Transfer(
            lock(membership),
            List.of(detach(membership, served)),
            attach(context, membership, source),
            List.of()));
  }

  private static List<FirstLock> lock(Membership membership) {
    return List.of(
        new FirstLock(
            membership.parent(),
            "LOCK TABLE ONLY " + membership.parent() + " IN ACCESS EXCLUSIVE MODE"));
  }

  private static String detach(Membership membership, String table) {
    return "ALTER TABLE " + membership.parent() + " DETACH PARTITION " + table;
  }

  /** What the constraint says goes without saying as soon as it is attached. */
  private static List<String> attach(OwnedContext context, Membership membership, String table) {
    List<String> statements = new ArrayList<>();
    statements.add(
        "ALTER TABLE "
            + membership.parent()
            + " ATTACH PARTITION "
            + table
            + " "
            + membership.bound());
    if (membership.condition() != null) {
      statements.add("ALTER TABLE " + table + " DROP CONSTRAINT " + name(constraint(context)));
    }
    return statements;
  }

  /**
   * No row of the default partition belongs to this one. The constraint says so while this one is
   * detached, and the server believes it; before, it changes nothing for anybody.
   */
  private static void spareRest(
      OwnedContext context, Membership membership, List<FollowUp> ahead, List<String> attach) {
    String constraint = MigrationNames.rest(context.migrationId());
    String alter = "ALTER TABLE " + membership.rest();
    String exists =
        "SELECT EXISTS (SELECT FROM pg_constraint WHERE conrelid = "
            + literal(membership.rest())
            + "::regclass AND conname = "
            + literal(constraint);
    ahead.add(
        new FollowUp(
            alter + TrialAttachment.addRestCheck(membership, constraint) + " NOT VALID",
            "constraint " + constraint + " of " + membership.rest(),
            exists + ")",
            false));
    ahead.add(
        new FollowUp(
            alter + " VALIDATE CONSTRAINT " + name(constraint),
            "constraint " + constraint + " of " + membership.rest(),
            exists + " AND convalidated)",
            true));
    attach.add(alter + " DROP CONSTRAINT " + name(constraint));
  }

  /** The retired table must come back without being read: it gets the constraint, too. */
  private static void keepProof(
      OwnedContext context, Membership membership, List<String> attach, List<FollowUp> afterwards)
      throws SQLException {
    String retired = MigrationNames.retired(context.migrationId(), context.source().table().name());
    attach.add(
        "ALTER TABLE "
            + name(context.source().table().schema(), retired)
            + " ADD CONSTRAINT "
            + name(constraint(context))
            + " CHECK ("
            + membership.condition()
            + ") NOT VALID");
    String there =
        name(
            context.isSchemaPublished()
                ? MigrationNames.CONTROL_SCHEMA
                : context.source().table().schema(),
            retired);
    afterwards.add(
        new FollowUp(
            "ALTER TABLE " + there + " VALIDATE CONSTRAINT " + name(constraint(context)),
            "constraint " + constraint(context) + " of the retired table " + there,
            "",
            true));
  }

  private static String constraint(OwnedContext context) {
    return context.aside("p", 0);
  }
}
