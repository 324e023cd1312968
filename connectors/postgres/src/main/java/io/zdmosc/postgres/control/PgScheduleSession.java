package io.zdmosc.postgres.control;

import io.zdmosc.engine.durable.RecordedSchedule;
import io.zdmosc.engine.schedule.EntryState;
import io.zdmosc.engine.schedule.NewEntry;
import io.zdmosc.engine.schedule.ScheduleEntry;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;

/** The schedule of one database. The lease of an entry is a session-level advisory lock. */
public final class PgScheduleSession extends RecordedSchedule {
  private static final String HOLDERS =
      """
      EXISTS (SELECT FROM pg_locks l
               WHERE l.locktype = 'advisory' AND l.classid = ?::int::oid
                 AND l.objid = (%s.id & 4294967295)::oid AND l.granted
                 AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))\
      """;

  private static final String MILLIS = " (extract(epoch FROM %s) * 1000)::bigint AS %s_millis, ";

  private static final String ENTRIES =
      "SELECT s.id, format('%I.%I', s.table_schema, s.table_name) AS name, s.alter_clause, s.state,"
          + " s.detail, s.priority, s.owner, s.requested,"
          + MILLIS.formatted("s.not_before", "not_before")
          + MILLIS.formatted("s.added_at", "added")
          + MILLIS.formatted("s.changed_at", "changed")
          + String.format(HOLDERS, "s")
          + " AS held, m.id AS migration_id, m.state AS migration_state,"
          + " m.detail AS migration_detail, m.is_open, "
          + String.format(HOLDERS, "m")
          + " AS alive, "
          + """
            (SELECT min(o.id) FROM zdm_osc.migration o
              WHERE o.is_open AND o.table_schema = s.table_schema AND o.table_name = s.table_name
                AND o.schedule_id IS DISTINCT FROM s.id) AS blocked_by
              FROM zdm_osc.schedule s LEFT JOIN zdm_osc.migration m ON m.schedule_id = s.id
             WHERE s.id = coalesce(?::bigint, s.id)
             ORDER BY (s.state IN ('waiting', 'running')) DESC, s.id DESC LIMIT ?::bigint\
            """;

  private final SessionFactory sessions;
  private final Session session;

  private PgScheduleSession(SessionFactory sessions, Session session) {
    this.sessions = sessions;
    this.session = session;
  }

  /** Connects; makes the control schema where it is missing. */
  public static PgScheduleSession open(SessionFactory sessions) {
    Session session = sessions.openUncancelled("schedule");
    try {
      ControlSchema.create(session);
      return new PgScheduleSession(sessions, session);
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
    return session
        .first(
            """
            INSERT INTO zdm_osc.schedule (table_schema, table_name, alter_clause, requested,
                                          priority, not_before)
            SELECT n.nspname, c.relname, ?::text, ?::text, ?::int, ?::timestamptz
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.oid = ?::regclass
            RETURNING id\
            """,
            row -> row.getLong(1),
            entry.order().plan().alter(),
            order,
            entry.priority(),
            entry.notBefore().orElse(null),
            entry.order().plan().table())
        .orElseThrow();
  }

  @Override
  protected List<ScheduleEntry> read(OptionalLong id) throws SQLException {
    return session.query(
        ENTRIES,
        row -> entry(row, row.getString("name")),
        ControlSchema.SCHEDULE_CLASS,
        ControlSchema.LOCK_CLASS,
        id.isPresent() ? id.getAsLong() : null,
        MOST);
  }

  @Override
  protected boolean lock(long id) throws SQLException {
    return session.test(
        "SELECT pg_try_advisory_lock(?::int, ?::int)", ControlSchema.SCHEDULE_CLASS, (int) id);
  }

  @Override
  protected void writeOwner(long id, String process) throws SQLException {
    session.update("UPDATE zdm_osc.schedule SET owner = ?::text WHERE id = ?::bigint", process, id);
  }

  @Override
  protected void writeState(long id, EntryState state, String detail) throws SQLException {
    session.update(
        "UPDATE zdm_osc.schedule SET state = ?::text, detail = ?::text,"
            + " changed_at = clock_timestamp()"
            + " WHERE id = ?::bigint AND state IN ('waiting', 'running')",
        state.label(),
        detail,
        id);
  }

  @Override
  protected void remove(long id) throws SQLException {
    session.update("DELETE FROM zdm_osc.schedule WHERE id = ?::bigint", id);
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
