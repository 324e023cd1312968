package io.zdmosc.postgres.control;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.BusyException;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.MigrationStatus;
import io.zdmosc.engine.spi.Orders;
import io.zdmosc.engine.spi.ThisProcess;
import io.zdmosc.engine.spi.Transition;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/** The control schema {@code zdm_osc} of the same database. */
public final class PgControlStore implements ControlStore {
  private static final String OPEN =
      """
      SELECT m.id, format('%I.%I', m.table_schema, m.table_name) AS name, m.state,
             EXISTS (SELECT FROM pg_locks l
                      WHERE l.locktype = 'advisory' AND l.classid = ?::oid
                        AND l.objid = (m.id & 4294967295)::oid AND l.granted
                        AND l.database = (SELECT oid FROM pg_database
                                           WHERE datname = current_database())) AS alive,
             m.table_oid::bigint AS table_oid
        FROM zdm_osc.migration m WHERE m.is_open ORDER BY m.id\
      """;

  private final SessionFactory sessions;

  public PgControlStore(SessionFactory sessions) {
    this.sessions = sessions;
  }

  @Override
  public Lease register(Plan plan, String order, boolean dryRun, OptionalLong scheduleEntry) {
    Session session = sessions.openUncancelled("control");
    try {
      ControlSchema.create(session);
      refuseIfUnfinished(session, plan);
      long id = insert(session, plan, order, dryRun, scheduleEntry);
      PgLease lease = new PgLease(sessions, session, id);
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
      Session session, Plan plan, String order, boolean dryRun, OptionalLong scheduleEntry)
      throws SQLException {
    try {
      return session
          .first(
              """
              INSERT INTO zdm_osc.migration (table_oid, table_schema, table_name, final_name,
                                             alter_clause, requested, dry_run, state,
                                             owner, schedule_id)
              SELECT c.oid, n.nspname, c.relname, ?::text, ?::text, ?::text, ?::boolean, 'planned',
                     ?::text, ?::bigint
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE c.oid = ?::regclass
              RETURNING id\
              """,
              row -> row.getLong(1),
              plan.finalTable(),
              plan.alter(),
              order,
              dryRun,
              ThisProcess.name(),
              scheduleEntry.isPresent() ? scheduleEntry.getAsLong() : null,
              plan.table())
          .orElseThrow();
    } catch (SQLException e) {
      if (Failures.isUniqueConflict(e)) {
        throw BusyException.overtaken(plan.table(), e);
      }
      throw e;
    }
  }

  private void refuseIfUnfinished(Session session, Plan plan) throws SQLException {
    String table =
        session
            .text(
                "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c"
                    + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ?::regclass",
                plan.table())
            .orElseThrow();
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
      PgLease lease = new PgLease(sessions, session, migrationId);
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
    Optional<String> trouble =
        ControlSchema.exists(session)
            ? session
                .text(
                    "SELECT CASE WHEN NOT is_open THEN 'has ended (' || state || ')' WHEN dry_run"
                        + " THEN 'is a dry run' ELSE '' END FROM zdm_osc.migration WHERE id ="
                        + " ?::bigint",
                    id)
                .or(() -> Optional.of("does not exist"))
            : Optional.of("does not exist");
    if (!trouble.get().isEmpty()) {
      throw RefusedException.of(
          "migration " + id,
          trouble.get(),
          "zdm-osc cleanup shows those that are unfinished, and removes dry runs.");
    }
  }

  @Override
  public List<Unfinished> unfinished() {
    try (Session session = sessions.openUncancelled("control")) {
      return ControlSchema.exists(session) ? unfinished(session) : List.of();
    } catch (SQLException e) {
      throw Failures.failed("reading the control schema zdm_osc", e);
    }
  }

  private static List<Unfinished> unfinished(Session session) throws SQLException {
    List<Unfinished> found = new ArrayList<>();
    for (Unfinished bare :
        session.query(
            OPEN,
            row ->
                new Unfinished(
                    row.getLong("id"),
                    row.getString("name"),
                    MigrationState.ofLabel(row.getString("state")),
                    row.getBoolean("alive"),
                    List.of()),
            ControlSchema.LOCK_CLASS)) {
      List<String> objects = new Debris(session, bare.id()).list();
      found.add(new Unfinished(bare.id(), bare.table(), bare.state(), bare.alive(), objects));
    }
    return found;
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
      PgLease lease = new PgLease(sessions, session, migration.id());
      lease.take();
      lease.begin(ThisProcess.name());
      Debris debris = new Debris(session, migration.id());
      boolean rolledBack = lease.state() == MigrationState.ROLLED_BACK;
      // the table that serves no more is not debris: it was kept, or is dropped by a resume
      List<String> left = rolledBack ? debris.removeStream() : debris.remove();
      if (left.isEmpty()) {
        lease.transition(lease.state().whenRemoved(), "cleaned up");
      }
      return left;
    } catch (SQLException e) {
      throw Failures.failed("removing what migration " + migration.id() + " left behind", e);
    }
  }
}
