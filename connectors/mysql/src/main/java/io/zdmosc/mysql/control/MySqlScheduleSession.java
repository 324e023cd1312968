package io.zdmosc.mysql.control;

import io.zdmosc.engine.durable.RecordedSchedule;
import io.zdmosc.engine.schedule.EntryState;
import io.zdmosc.engine.schedule.NewEntry;
import io.zdmosc.engine.schedule.ScheduleEntry;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import io.zdmosc.mysql.sql.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * The schedule of one server, all its databases together. The lease of an entry is a named lock.
 */
public final class MySqlScheduleSession extends RecordedSchedule {
  private static final int DETAIL = 10_000;

  private static final String ENTRIES =
      """
      SELECT s.id, s.table_schema, s.table_name, s.alter_clause, s.state, s.detail, s.priority,
             s.not_before_millis, s.owner, s.requested,
             CAST(UNIX_TIMESTAMP(s.added_at) * 1000 AS SIGNED) AS added_millis,
             CAST(UNIX_TIMESTAMP(s.changed_at) * 1000 AS SIGNED) AS changed_millis,
             IS_USED_LOCK(CONCAT('zdm_osc_entry_', s.id)) IS NOT NULL AS held,
             m.id AS migration_id, m.state AS migration_state, m.detail AS migration_detail,
             m.open_table IS NOT NULL AS is_open,
             IS_USED_LOCK(CONCAT('zdm_osc_', COALESCE(m.id, 0))) IS NOT NULL AS alive,
             (SELECT MIN(o.id) FROM zdm_osc.migration o
               WHERE o.open_table IS NOT NULL AND o.table_schema = s.table_schema
                 AND o.table_name = s.table_name AND NOT (o.schedule_id <=> s.id)) AS blocked_by
        FROM zdm_osc.schedule s LEFT JOIN zdm_osc.migration m ON m.schedule_id = s.id\
      """;

  private final SessionFactory sessions;
  private final Session session;

  private MySqlScheduleSession(SessionFactory sessions, Session session) {
    this.sessions = sessions;
    this.session = session;
  }

  /** Connects; makes the control schema where it is missing. */
  public static MySqlScheduleSession open(SessionFactory sessions) {
    Session session = sessions.openUncancelled("schedule");
    try {
      ControlSchema.create(session);
      return new MySqlScheduleSession(sessions, session);
    } catch (SQLException e) {
      session.close();
      throw ControlRights.failure(sessions, "making the control schema zdm_osc", e);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  @Override
  protected long insert(NewEntry entry, String order) throws SQLException {
    Target target = Target.of(entry.order().plan().table());
    session.update(
        """
        INSERT INTO zdm_osc.schedule (table_schema, table_name, alter_clause, requested, priority,
                                      not_before_millis, detail)
        VALUES (?, ?, ?, ?, ?, ?, '')\
        """,
        target.schema(),
        target.name(),
        entry.order().plan().alter(),
        order,
        entry.priority(),
        entry.notBefore().map(Instant::toEpochMilli).orElse(null));
    return session.first("SELECT LAST_INSERT_ID()", row -> row.getLong(1)).orElseThrow();
  }

  @Override
  protected List<ScheduleEntry> read(OptionalLong id) throws SQLException {
    return session.read(
        ENTRIES
            + (id.isPresent() ? " WHERE s.id = " + id.getAsLong() : "")
            + " ORDER BY s.state IN ('waiting', 'running') DESC, s.id DESC LIMIT "
            + MOST,
        row -> entry(row, Sql.name(row.getString("table_schema"), row.getString("table_name"))));
  }

  @Override
  protected boolean lock(long id) throws SQLException {
    return session.test("SELECT GET_LOCK(?, 0)", MigrationNames.entry(id));
  }

  @Override
  protected void writeOwner(long id, String process) throws SQLException {
    session.update("UPDATE zdm_osc.schedule SET owner = ? WHERE id = ?", process, id);
  }

  @Override
  protected void writeState(long id, EntryState state, String detail) throws SQLException {
    session.update(
        "UPDATE zdm_osc.schedule SET state = ?, detail = ?, changed_at = CURRENT_TIMESTAMP(6)"
            + " WHERE id = ? AND state IN ('waiting', 'running')",
        state.label(),
        detail.substring(0, Math.min(detail.length(), DETAIL)),
        id);
  }

  @Override
  protected void remove(long id) throws SQLException {
    session.update("DELETE FROM zdm_osc.schedule WHERE id = ?", id);
  }

  @Override
  protected RuntimeException failed(String doing, SQLException e) {
    return ControlRights.failure(sessions, doing, e);
  }

  @Override
  public void close() {
    session.close();
  }
}
