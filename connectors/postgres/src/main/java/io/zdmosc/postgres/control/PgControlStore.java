package io.zdmosc.postgres.control;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

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
  public Lease register(Plan plan, boolean dryRun) {
    Session session = sessions.openUncancelled("control");
    try {
      ControlSchema.create(session);
      refuseIfUnfinished(session, plan);
      long id = insert(session, plan, dryRun);
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

  private static long insert(Session session, Plan plan, boolean dryRun) throws SQLException {
    try {
      return session
          .first(
              """
              INSERT INTO zdm_osc.migration (table_oid, table_schema, table_name, final_name,
                                             alter_clause, dry_run, state, owner)
              SELECT c.oid, n.nspname, c.relname, ?::text, ?::text, ?::boolean, 'planned', ?::text
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE c.oid = ?::regclass
              RETURNING id\
              """,
              row -> row.getLong(1),
              plan.finalTable(),
              plan.alter(),
              dryRun,
              ProcessHandle.current().pid() + "@" + hostName(),
              plan.table())
          .orElseThrow();
    } catch (SQLException e) {
      if (Failures.isUniqueConflict(e)) {
        throw new RefusedException(
            List.of(
                new Problem(
                    "table " + plan.table(),
                    "another migration of it has begun at this moment",
                    "Wait for it to end.")),
            e);
      }
      throw e;
    }
  }

  private static String hostName() {
    try {
      return java.net.InetAddress.getLocalHost().getHostName();
    } catch (java.net.UnknownHostException e) {
      return "unknown host";
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
        throw RefusedException.of(
            "table " + plan.table(),
            "migration "
                + migration.id()
                + " of it is unfinished (state "
                + migration.state().label()
                + ", its process "
                + (migration.alive() ? "is alive)" : "is dead)"),
            migration.alive()
                ? "Wait for it to end."
                : "Remove what it left behind first: zdm-osc cleanup");
      }
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
  public List<String> remove(Unfinished migration) {
    try (Session session = sessions.openUncancelled("cleanup")) {
      PgLease lease = new PgLease(sessions, session, migration.id());
      lease.take();
      List<String> left = new Debris(session, migration.id()).remove();
      if (left.isEmpty()) {
        lease.transition(MigrationState.ABORTED, "cleaned up");
      }
      return left;
    } catch (SQLException e) {
      throw Failures.failed("removing what migration " + migration.id() + " left behind", e);
    }
  }
}
