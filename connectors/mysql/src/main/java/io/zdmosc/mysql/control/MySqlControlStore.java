package io.zdmosc.mysql.control;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.BusyException;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.MigrationStatus;
import io.zdmosc.engine.spi.Orders;
import io.zdmosc.engine.spi.ThisProcess;
import io.zdmosc.engine.spi.Transition;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import io.zdmosc.mysql.sql.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/** The control schema {@code zdm_osc} of the same server. */
public final class MySqlControlStore implements ControlStore {
  private static final String OPEN =
      """
      SELECT id, table_schema, table_name, state, IS_USED_LOCK(CONCAT('zdm_osc_', id)) IS NOT NULL
        FROM zdm_osc.migration
       WHERE open_table IS NOT NULL OR id IN (SELECT migration_id FROM zdm_osc.table_trigger)
       ORDER BY id\
      """;

  private final SessionFactory sessions;

  public MySqlControlStore(SessionFactory sessions) {
    this.sessions = sessions;
  }

  @Override
  public Lease register(Plan plan, String order, boolean dryRun, OptionalLong scheduleEntry) {
    Session session = sessions.openUncancelled("control");
    try {
      ControlSchema.create(session);
      Target target = Target.of(plan.table());
      refuseIfUnfinished(session, plan, target);
      long id = insert(session, plan, target, order, dryRun, scheduleEntry);
      MySqlLease lease = new MySqlLease(sessions, session, id);
      lease.take();
      return lease;
    } catch (SQLException e) {
      session.close();
      throw Failures.failed("writing the control schema zdm_osc", e);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private static long insert(
      Session session,
      Plan plan,
      Target target,
      String order,
      boolean dryRun,
      OptionalLong scheduleEntry)
      throws SQLException {
    try {
      session.update(
          """
          INSERT INTO zdm_osc.migration (table_schema, table_name, final_name, alter_clause,
                                         requested, dry_run, state, detail, owner, schedule_id,
                                         open_table)
          VALUES (?, ?, ?, ?, ?, ?, 'planned', '', ?, ?, CAST(CONCAT(?, '/', ?) AS BINARY))\
          """,
          target.schema(),
          target.name(),
          Target.of(plan.finalTable()).name(),
          plan.alter(),
          order,
          dryRun ? 1 : 0,
          ThisProcess.name(),
          scheduleEntry.isPresent() ? scheduleEntry.getAsLong() : null,
          target.schema(),
          target.name());
      return session.first("SELECT LAST_INSERT_ID()", row -> row.getLong(1)).orElseThrow();
    } catch (SQLException e) {
      if (Failures.isUniqueConflict(e)) {
        throw BusyException.overtaken(plan.table(), e);
      }
      throw e;
    }
  }

  private void refuseIfUnfinished(Session session, Plan plan, Target target) throws SQLException {
    String table = Sql.name(target.schema(), target.name());
    for (Unfinished migration : unfinished(session)) {
      if (migration.table().equals(table)) {
        throw BusyException.unfinished(
            plan.table(), migration.id(), migration.state(), migration.alive());
      }
    }
  }

  @Override
  public Lease resume(long migrationId, boolean takeOver) {
    Session session = sessions.openUncancelled("control");
    try {
      if (ControlSchema.exists(session)) {
        ControlSchema.create(session);
      }
      requireResumable(session, migrationId);
      if (takeOver) {
        new Takeover(session, migrationId).endLease();
      }
      MySqlLease lease = new MySqlLease(sessions, session, migrationId);
      lease.take();
      requireResumable(session, migrationId); // it may have ended before we had the lease
      lease.begin(ThisProcess.name());
      return lease;
    } catch (SQLException e) {
      session.close();
      throw Failures.failed("taking over migration " + migrationId, e);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private static void requireResumable(Session session, long id) throws SQLException {
    String trouble =
        ControlSchema.exists(session)
            ? session
                .text(
                    "SELECT CASE WHEN open_table IS NULL THEN CONCAT('has ended (', state, ')')"
                        + " WHEN dry_run THEN 'is a dry run' ELSE '' END FROM zdm_osc.migration"
                        + " WHERE id = ?",
                    id)
                .orElse("does not exist")
            : "does not exist";
    if (!trouble.isEmpty()) {
      throw RefusedException.of(
          "migration " + id,
          trouble,
          "zdm-osc cleanup shows those that are unfinished, and removes dry runs.");
    }
  }

  @Override
  public List<Unfinished> unfinished() {
    try (Session session = sessions.openUncancelled("control")) {
      if (!ControlSchema.exists(session)) {
        return List.of();
      }
      ControlSchema.create(session); // an older version may have made less
      return unfinished(session);
    } catch (SQLException e) {
      throw Failures.failed("reading the control schema zdm_osc", e);
    }
  }

  private List<Unfinished> unfinished(Session session) throws SQLException {
    List<Unfinished> found = new ArrayList<>();
    for (Unfinished bare :
        session.read(
            OPEN,
            row ->
                new Unfinished(
                    row.getLong(1),
                    Sql.name(row.getString(2), row.getString(3)),
                    MigrationState.ofLabel(row.getString(4)),
                    row.getBoolean(5),
                    List.of()))) {
      List<String> objects = new Debris(sessions, session, bare.id()).list();
      found.add(new Unfinished(bare.id(), bare.table(), bare.state(), bare.alive(), objects));
    }
    return found;
  }

  @Override
  public List<String> strays() {
    try (Session session = sessions.openUncancelled("control")) {
      return new PlanDebris(session).list();
    } catch (SQLException e) {
      throw Failures.failed("looking for what plans left in zdm_osc", e);
    }
  }

  @Override
  public List<String> removeStrays() {
    try (Session session = sessions.openUncancelled("cleanup")) {
      return new PlanDebris(session).remove();
    } catch (SQLException e) {
      throw Failures.failed("removing what plans left in zdm_osc", e);
    }
  }

  @Override
  public List<MigrationStatus> latest(int count) {
    try (Session session = sessions.openUncancelled("status")) {
      if (!ControlSchema.exists(session)) {
        return List.of();
      }
      ControlSchema.create(session);
      return StatusReader.latest(session, count);
    } catch (SQLException e) {
      throw Failures.failed("reading the control schema zdm_osc", e);
    }
  }

  @Override
  public List<Transition> history(long migrationId) {
    try (Session session = sessions.openUncancelled("history")) {
      return ControlSchema.exists(session) ? StatusReader.history(session, migrationId) : List.of();
    } catch (SQLException e) {
      throw Failures.failed("reading the control schema zdm_osc", e);
    }
  }

  @Override
  public void order(long migrationId, UnaryOperator<Orders> change) {
    try (Session session = sessions.openUncancelled("order")) {
      ControlSchema.create(session);
      Orders wanted = change.apply(OrdersRecord.read(session, migrationId));
      if (!OrdersRecord.write(session, migrationId, wanted)) {
        throw RefusedException.of(
            "migration " + migrationId,
            "does not exist, or has ended",
            "zdm-osc status shows those that there are.");
      }
    } catch (SQLException e) {
      throw Failures.failed("writing an order for migration " + migrationId, e);
    }
  }

  @Override
  public List<String> remove(Unfinished migration) {
    try (Session session = sessions.openUncancelled("cleanup")) {
      ControlSchema.create(session);
      MySqlLease lease = new MySqlLease(sessions, session, migration.id());
      lease.take();
      lease.begin(ThisProcess.name());
      Debris debris = new Debris(sessions, session, migration.id());
      boolean rolledBack = lease.state() == MigrationState.ROLLED_BACK;
      // the table that serves no more is not debris: it was kept, or is dropped by a resume
      List<String> left = rolledBack ? List.of() : debris.remove();
      if (left.isEmpty()) {
        lease.transition(lease.state().whenRemoved(), "cleaned up");
      }
      return left;
    } catch (SQLException e) {
      throw Failures.failed("removing what migration " + migration.id() + " left behind", e);
    }
  }
}
