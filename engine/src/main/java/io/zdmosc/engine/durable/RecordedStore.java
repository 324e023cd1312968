package io.zdmosc.engine.durable;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.BusyException;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.spi.ControlSession;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.MigrationStatus;
import io.zdmosc.engine.spi.Orders;
import io.zdmosc.engine.spi.ThisProcess;
import io.zdmosc.engine.spi.Transition;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The durable record of migrations, by the statements of one kind of server. */
public class RecordedStore implements ControlStore {
  private static final String READING = "reading the control schema zdm_osc";

  private final Function<String, ControlSession> sessions;
  private final BiFunction<String, SQLException, RuntimeException> failures;

  /**
   * A store.
   *
   * @param sessions connects, for a purpose
   * @param failures makes a failure of what was being done and of what the server said
   */
  protected RecordedStore(
      Function<String, ControlSession> sessions,
      BiFunction<String, SQLException, RuntimeException> failures) {
    this.sessions = sessions;
    this.failures = failures;
  }

  @Override
  public final Lease register(Plan plan, String order, boolean dryRun, OptionalLong scheduleEntry) {
    return leased(
        "writing the control schema zdm_osc",
        session -> {
          session.create();
          refuseIfUnfinished(session, plan);
          ControlSession.Taking lease =
              session.lease(insert(session, plan, order, dryRun, scheduleEntry));
          lease.take();
          return lease;
        });
  }

  private static long insert(
      ControlSession session, Plan plan, String order, boolean dryRun, OptionalLong scheduleEntry)
      throws SQLException {
    try {
      return session.insert(plan, order, dryRun, scheduleEntry);
    } catch (SQLException e) {
      if (session.isUniqueConflict(e)) {
        throw BusyException.overtaken(plan.table(), e);
      }
      throw e;
    }
  }

  private static void refuseIfUnfinished(ControlSession session, Plan plan) throws SQLException {
    String table = session.tableName(plan);
    for (Unfinished migration : session.open()) {
      if (migration.table().equals(table)) {
        throw BusyException.unfinished(
            plan.table(), migration.id(), migration.state(), migration.alive());
      }
    }
  }

  @Override
  public final Lease resume(long id, boolean takeOver) {
    return leased(
        "taking over migration " + id,
        session -> {
          requireResumable(session, id);
          if (takeOver) {
            session.endLease(id);
          }
          ControlSession.Taking lease = session.lease(id);
          lease.take();
          requireResumable(session, id); // it may have ended before we had the lease
          lease.begin(ThisProcess.name());
          return lease;
        });
  }

  private static void requireResumable(ControlSession session, long id) throws SQLException {
    String trouble = "does not exist";
    if (session.exists()) {
      session.create(); // an older version may have made less
      trouble = session.obstacle(id).orElse("");
    }
    if (!trouble.isEmpty()) {
      throw RefusedException.of(
          "migration " + id,
          trouble,
          "zdm-osc cleanup shows those that are unfinished, and removes dry runs.");
    }
  }

  @Override
  public final List<Unfinished> unfinished() {
    return existing("control", RecordedStore::unfinished);
  }

  private static List<Unfinished> unfinished(ControlSession session) throws SQLException {
    List<Unfinished> found = new ArrayList<>();
    for (Unfinished bare : session.open()) {
      found.add(
          new Unfinished(
              bare.id(), bare.table(), bare.state(), bare.alive(), session.objects(bare.id())));
    }
    return found;
  }

  @Override
  public final List<MigrationStatus> latest(int count) {
    return existing("status", session -> session.latest(count));
  }

  @Override
  public final List<Transition> history(long id) {
    return existing("history", session -> session.history(id));
  }

  @Override
  public final void order(long id, UnaryOperator<Orders> change) {
    done(
        "order",
        "writing an order for migration " + id,
        session -> {
          session.create();
          if (!session.write(id, change.apply(session.orders(id)))) {
            throw RefusedException.of(
                "migration " + id,
                "does not exist, or has ended",
                "zdm-osc status shows those that there are.");
          }
          return null;
        });
  }

  @Override
  public final List<String> remove(Unfinished migration) {
    long id = migration.id();
    return done(
        "cleanup",
        "removing what migration " + id + " left behind",
        session -> {
          session.create();
          ControlSession.Taking lease = session.lease(id);
          lease.take();
          lease.begin(ThisProcess.name());
          // the table that serves no more is not debris: it was kept, or is dropped by a resume
          boolean rolledBack = lease.state() == MigrationState.ROLLED_BACK;
          List<String> left = session.removeObjects(id, rolledBack);
          if (left.isEmpty()) {
            lease.transition(lease.state().whenRemoved(), "cleaned up");
          }
          return left;
        });
  }

  @FunctionalInterface
  private interface Work<T> {
    T on(ControlSession session) throws SQLException;
  }

  /** Reads what is recorded; nothing where there is no record. */
  private <T> List<T> existing(String purpose, Work<List<T>> work) {
    return done(
        purpose,
        READING,
        session -> {
          if (!session.exists()) {
            return List.of();
          }
          session.create(); // an older version may have made less
          return work.on(session);
        });
  }

  private <T> T done(String purpose, String doing, Work<T> work) {
    try (ControlSession session = sessions.apply(purpose)) {
      return work.on(session);
    } catch (SQLException e) {
      throw failures.apply(doing, e);
    }
  }

  /** The connection is the lease's, if there will be one. */
  private Lease leased(String doing, Work<Lease> work) {
    ControlSession session = sessions.apply("control");
    try {
      return work.on(session);
    } catch (SQLException e) {
      session.close();
      throw failures.apply(doing, e);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }
}
