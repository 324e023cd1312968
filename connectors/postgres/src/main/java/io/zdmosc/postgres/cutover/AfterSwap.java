package io.zdmosc.postgres.cutover;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.Retire;
import io.zdmosc.postgres.control.Debris;
import io.zdmosc.postgres.handover.FollowUp;
import io.zdmosc.postgres.shadow.ForeignKey;
import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** What is done when the new table serves, none of it under a lock that the application feels. */
public final class AfterSwap {
  private static final int TRIES = 50;

  /** For a lock behind which the application would have to wait. */
  static final String FELT = "200ms";

  /** For one that keeps off maintenance only: long enough for an autovacuum to give way. */
  private static final String UNFELT = "5s";

  private final SessionFactory sessions;
  private final Working working;

  public AfterSwap(SessionFactory sessions, Working working) {
    this.sessions = sessions;
    this.working = working;
  }

  /** What the table that serves still lacks; what could not be done, in words. */
  public List<String> complete() {
    List<String> left = new ArrayList<>();
    try (Session session = sessions.openUncancelled("finish")) {
      complete(session, left);
    } catch (SQLException e) {
      throw Failures.failed("doing the work after the cut-over", e);
    }
    return left;
  }

  /**
   * Does all of it; what could not be done, in words.
   *
   * @param identity the replica identity to give the table that serves, or empty
   */
  public List<String> finish(Retire retire, String identity) {
    List<String> left = new ArrayList<>();
    try (Session session = sessions.openUncancelled("finish")) {
      new Debris(session, working.migrationId())
          .removeStream()
          .forEach(object -> left.add("could not be dropped: " + object));
      complete(session, left);
      if (!identity.isEmpty()) {
        String served = working.spec().servedSql();
        patiently(
            session,
            "ALTER TABLE " + served + " REPLICA IDENTITY " + identity,
            "the replica identity of " + served,
            FELT,
            left);
      }
      if (retire == Retire.DROP) {
        String retired = working.retiredSql();
        patiently(
            session, "DROP TABLE IF EXISTS " + retired, "the retired table " + retired, FELT, left);
      }
    } catch (SQLException e) {
      throw Failures.failed("doing the work after the cut-over", e);
    }
    return left;
  }

  private void complete(Session session, List<String> left) throws SQLException {
    for (ForeignKey key : working.spec().foreignKeys()) {
      if (!working.spec().partitions().isEmpty() && PartitionedKey.isInParts(session)) {
        new PartitionedKey(working, key).complete(session, left);
      } else if (key.validate()) {
        validate(session, working.spec().servedSql(), key, left);
      }
    }
    Set<String> failed = new HashSet<>();
    for (FollowUp each : working.transfer().afterwards()) {
      followUp(session, each, failed, left);
    }
  }

  /** What belongs to one object is done in turn, and not at all behind what could not be done. */
  static void followUp(Session session, FollowUp each, Set<String> failed, List<String> left)
      throws SQLException {
    if (!each.done().isEmpty() && session.test(each.done())) {
      return;
    }
    if (failed.contains(each.object())) {
      left.add(each.object() + "; to do after that: " + each.statement());
      return;
    }
    int before = left.size();
    patiently(session, each.statement(), each.object(), each.unfelt() ? UNFELT : FELT, left);
    if (left.size() > before) {
      failed.add(each.object());
    }
  }

  static void validate(Session session, String table, ForeignKey key, List<String> left)
      throws SQLException {
    patiently(
        session,
        "ALTER TABLE " + table + " VALIDATE CONSTRAINT " + name(key.name()),
        "foreign key " + key.name() + " of " + table + " is NOT VALID",
        UNFELT,
        left);
  }

  /** Tries for a while, and says what is left if it cannot be done. */
  static void patiently(
      Session session, String statement, String object, String lockTimeout, List<String> left)
      throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        session.transaction(
            () -> {
              session.execute("SET LOCAL lock_timeout = '" + lockTimeout + "'");
              session.execute(statement);
              return null;
            });
        return;
      } catch (SQLException e) {
        if (Failures.isConnectionLoss(e)) {
          throw e;
        }
        if (!Failures.isLockTimeout(e) || attempt == TRIES) {
          left.add(object + ": " + e.getMessage() + "; to do: " + statement);
          return;
        }
      }
      LockSupport.parkNanos(200_000_000);
    }
  }
}
