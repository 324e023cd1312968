package io.zdmosc.mysql.control;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.spi.ControlSession;
import io.zdmosc.engine.spi.ControlStore.Unfinished;
import io.zdmosc.engine.spi.MigrationStatus;
import io.zdmosc.engine.spi.Orders;
import io.zdmosc.engine.spi.ThisProcess;
import io.zdmosc.engine.spi.Transition;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import io.zdmosc.mysql.sql.Sql;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The statements of the control schema. */
final class MySqlControlSession implements ControlSession {
  private static final String OPEN =
      """
      SELECT id, table_schema, table_name, state, IS_USED_LOCK(CONCAT('zdm_osc_', id)) IS NOT NULL
        FROM zdm_osc.migration
       WHERE open_table IS NOT NULL OR id IN (SELECT migration_id FROM zdm_osc.table_trigger)
          OR id IN (SELECT migration_id FROM zdm_osc.table_key)
       ORDER BY id\
      """;

  private final SessionFactory sessions;
  private final Session session;

  MySqlControlSession(SessionFactory sessions, Session session) {
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
  public String tableName(Plan plan) {
    Target target = Target.of(plan.table());
    return Sql.name(target.schema(), target.name());
  }

  @Override
  public long insert(Plan plan, String order, boolean dryRun, OptionalLong scheduleEntry)
      throws SQLException {
    Target target = Target.of(plan.table());
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
  }

  @Override
  public boolean isUniqueConflict(SQLException e) {
    return Failures.isUniqueConflict(e);
  }

  @Override
  public List<Unfinished> open() throws SQLException {
    return session.read(
        OPEN,
        row ->
            new Unfinished(
                row.getLong(1),
                Sql.name(row.getString(2), row.getString(3)),
                MigrationState.ofLabel(row.getString(4)),
                row.getBoolean(5),
                List.of()));
  }

  @Override
  public List<String> objects(long id) throws SQLException {
    return new Debris(sessions, session, id).list();
  }

  @Override
  public Optional<String> obstacle(long id) throws SQLException {
    return session
        .text(
            "SELECT CASE WHEN open_table IS NULL THEN CONCAT('has ended (', state, ')')"
                + " WHEN dry_run THEN 'is a dry run' ELSE '' END FROM zdm_osc.migration"
                + " WHERE id = ?",
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
    return new MySqlLease(sessions, session, id);
  }

  @Override
  public List<String> removeObjects(long id, boolean rolledBack) throws SQLException {
    Debris debris = new Debris(sessions, session, id);
    return rolledBack ? debris.finishRollback() : debris.remove();
  }

  @Override
  public void close() {
    session.close();
  }
}
