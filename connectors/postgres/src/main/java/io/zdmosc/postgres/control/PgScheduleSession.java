package io.zdmosc.postgres.control;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.durable.RecordText;
import io.zdmosc.engine.schedule.EntryState;
import io.zdmosc.engine.schedule.NewEntry;
import io.zdmosc.engine.schedule.ScheduleEntry;
import io.zdmosc.engine.schedule.ScheduleEntry.OwnMigration;
import io.zdmosc.engine.spi.ScheduleSession;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The schedule of one database. The lease of an entry is a session-level advisory lock. */
public final class PgScheduleSession implements ScheduleSession {
  private static final int MOST = 1_000;

  private static final String HOLDERS =
      """
      EXISTS (SELECT FROM pg_locks l
               WHERE l.locktype = 'advisory' AND l.classid = ?::int::oid
                 AND l.objid = (%s.id & 4294967295)::oid AND l.granted
                 AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))\
      """;

  private static final String ENTRIES =
      "SELECT s.id, format('%I.%I', s.table_schema, s.table_name) AS name, s.alter_clause, s.state,"
          + " s.detail, s.priority, s.not_before, s.owner, s.added_at, s.changed_at, s.requested, "
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

  private final Session session;

  private PgScheduleSession(Session session) {
    this.session = session;
  }

  /** Connects; makes the control schema where it is missing. */
  public static PgScheduleSession open(SessionFactory sessions) {
    Session session = sessions.openUncancelled("schedule");
    try {
      ControlSchema.create(session);
      return new PgScheduleSession(session);
    } catch (SQLException e) {
      session.close();
      throw Failures.failed("making the control schema zdm_osc", e);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  @Override
  public long add(NewEntry entry) {
    try {
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
              RecordText.write(entry.order()),
              entry.priority(),
              entry.notBefore().orElse(null),
              entry.order().plan().table())
          .orElseThrow();
    } catch (SQLException e) {
      throw Failures.failed("writing the schedule", e);
    }
  }

  @Override
  public List<ScheduleEntry> entries(OptionalLong id) {
    try {
      return session.query(
          ENTRIES,
          PgScheduleSession::entry,
          ControlSchema.SCHEDULE_CLASS,
          ControlSchema.LOCK_CLASS,
          id.isPresent() ? id.getAsLong() : null,
          MOST);
    } catch (SQLException e) {
      throw Failures.failed("reading the schedule", e);
    }
  }

  @Override
  public boolean tryLease(long id) {
    try {
      return session.test(
          "SELECT pg_try_advisory_lock(?::int, ?::int)", ControlSchema.SCHEDULE_CLASS, (int) id);
    } catch (SQLException e) {
      throw Failures.failed("taking entry " + id + " of the schedule", e);
    }
  }

  @Override
  public void own(long id, String process) {
    update(id, "UPDATE zdm_osc.schedule SET owner = ?::text WHERE id = ?::bigint", process, id);
  }

  @Override
  public void write(long id, EntryState state, String detail) {
    update(
        id,
        "UPDATE zdm_osc.schedule SET state = ?::text, detail = ?::text,"
            + " changed_at = clock_timestamp()"
            + " WHERE id = ?::bigint AND state IN ('waiting', 'running')",
        state.label(),
        detail,
        id);
  }

  @Override
  public void delete(long id) {
    update(id, "DELETE FROM zdm_osc.schedule WHERE id = ?::bigint", id);
  }

  private void update(long id, String sql, Object... parameters) {
    try {
      session.update(sql, parameters);
    } catch (SQLException e) {
      throw Failures.failed("writing entry " + id + " of the schedule", e);
    }
  }

  @Override
  public void close() {
    session.close();
  }

  private static ScheduleEntry entry(ResultSet row) throws SQLException {
    long blockedBy = row.getLong("blocked_by");
    Optional<Instant> notBefore =
        Optional.ofNullable(row.getTimestamp("not_before")).map(Timestamp::toInstant);
    return new ScheduleEntry(
        row.getLong("id"),
        row.getString("name"),
        row.getString("alter_clause"),
        EntryState.ofLabel(row.getString("state")),
        row.getString("detail"),
        row.getInt("priority"),
        notBefore,
        row.getBoolean("held"),
        row.getString("owner"),
        migration(row),
        blockedBy == 0 ? OptionalLong.empty() : OptionalLong.of(blockedBy),
        row.getTimestamp("added_at").toInstant(),
        row.getTimestamp("changed_at").toInstant(),
        row.getString("requested"));
  }

  private static Optional<OwnMigration> migration(ResultSet row) throws SQLException {
    long id = row.getLong("migration_id");
    return id == 0
        ? Optional.empty()
        : Optional.of(
            new OwnMigration(
                id,
                MigrationState.ofLabel(row.getString("migration_state")),
                row.getString("migration_detail"),
                row.getBoolean("is_open"),
                row.getBoolean("alive")));
  }
}
