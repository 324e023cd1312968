package io.zdmosc.postgres.control;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.spi.ControlSession;
import io.zdmosc.engine.spi.ControlStore.Unfinished;
import io.zdmosc.engine.spi.MigrationStatus;
import io.zdmosc.engine.spi.Orders;
import io.zdmosc.engine.spi.ThisProcess;
import io.zdmosc.engine.spi.Transition;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The statements of the control schema. */
final class PgControlSession implements ControlSession {
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
  private final Session session;

  PgControlSession(SessionFactory sessions, Session session) {
    this.sessions = sessions;
    this.session = session;
  }

  @Override
  public boolean exists() throws SQLException {
    return ControlSchema.exists(session);
  }

  @Override
  public void create() throws SQLException {
    ControlSchema.create(session);
  }

  @Override
  public String tableName(Plan plan) throws SQLException {
    return session
        .text(
            "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c"
                + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ?::regclass",
            plan.table())
        .orElseThrow();
  }

  @Override
  public long insert(Plan plan, String order, boolean dryRun, OptionalLong scheduleEntry)
      throws SQLException {
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
  }

  @Override
  public boolean isUniqueConflict(SQLException e) {
    return Failures.isUniqueConflict(e);
  }

  @Override
  public List<Unfinished> open() throws SQLException {
    return session.query(
        OPEN,
        row ->
            new Unfinished(
                row.getLong("id"),
                row.getString("name"),
                MigrationState.ofLabel(row.getString("state")),
                row.getBoolean("alive"),
                List.of()),
        ControlSchema.LOCK_CLASS);
  }

  @Override
  public List<String> objects(long id) throws SQLException {
    return new Debris(session, id).list();
  }

  @Override
  public Optional<String> obstacle(long id) throws SQLException {
    return session
        .text(
            "SELECT CASE WHEN NOT is_open THEN 'has ended (' || state || ')' WHEN dry_run"
                + " THEN 'is a dry run' ELSE '' END FROM zdm_osc.migration WHERE id ="
                + " ?::bigint",
            id)
        .or(() -> Optional.of("does not exist"))
        .filter(words -> !words.isEmpty());
  }

  @Override
  public List<MigrationStatus> latest(int count) throws SQLException {
    return StatusReader.latest(session, count);
  }

  @Override
  public List<Transition> history(long id) throws SQLException {
    return StatusReader.history(session, id);
  }

  @Override
  public Orders orders(long id) throws SQLException {
    return OrdersRecord.read(session, id);
  }

  @Override
  public boolean write(long id, Orders orders) throws SQLException {
    return OrdersRecord.write(session, id, orders);
  }

  @Override
  public void endLease(long id) throws SQLException {
    new Takeover(session, id).endLease();
  }

  @Override
  public Taking lease(long id) {
    return new PgLease(sessions, session, id);
  }

  @Override
  public List<String> removeObjects(long id, boolean rolledBack) throws SQLException {
    Debris debris = new Debris(session, id);
    return rolledBack ? debris.removeStream() : debris.remove();
  }

  @Override
  public void close() {
    session.close();
  }
}
