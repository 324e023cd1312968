package io.zdmosc.engine.durable;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.schedule.EntryState;
import io.zdmosc.engine.schedule.NewEntry;
import io.zdmosc.engine.schedule.ScheduleEntry;
import io.zdmosc.engine.schedule.ScheduleEntry.OwnMigration;
import io.zdmosc.engine.spi.ScheduleSession;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The schedule in the control schema, by the statements of one kind of server. */
public abstract class RecordedSchedule implements ScheduleSession {
  /** How many entries are read at the most: the latest of those that have ended are left out. */
  protected static final int MOST = 1_000;

  /** Something that the server is told or asked. */
  @FunctionalInterface
  private interface Work<T> {
    T done() throws SQLException;
  }

  protected abstract long insert(NewEntry entry, String order) throws SQLException;

  /** At most {@link #MOST}, each read by {@link #entry}. */
  protected abstract List<ScheduleEntry> read(OptionalLong id) throws SQLException;

  /** Takes the lock of an entry if it is free. */
  protected abstract boolean lock(long id) throws SQLException;

  /** Writes the owner of an entry. */
  protected abstract void writeOwner(long id, String process) throws SQLException;

  /** Writes the state of an entry that has not ended. */
  protected abstract void writeState(long id, EntryState state, String detail) throws SQLException;

  protected abstract void remove(long id) throws SQLException;

  /** The failure of what was being done, with the server's words. */
  protected abstract RuntimeException failed(String doing, SQLException e);

  @Override
  public final long add(NewEntry entry) {
    return done("writing the schedule", () -> insert(entry, RecordText.write(entry.order())));
  }

  @Override
  public final List<ScheduleEntry> entries(OptionalLong id) {
    return done("reading the schedule", () -> read(id));
  }

  @Override
  public final boolean tryLease(long id) {
    return done("taking entry " + id + " of the schedule", () -> lock(id));
  }

  @Override
  public final void own(long id, String process) {
    written(
        id,
        () -> {
          writeOwner(id, process);
          return null;
        });
  }

  @Override
  public final void write(long id, EntryState state, String detail) {
    written(
        id,
        () -> {
          writeState(id, state, detail);
          return null;
        });
  }

  @Override
  public final void delete(long id) {
    written(
        id,
        () -> {
          remove(id);
          return null;
        });
  }

  private void written(long id, Work<Void> work) {
    done("writing entry " + id + " of the schedule", work);
  }

  private <T> T done(String doing, Work<T> work) {
    try {
      return work.done();
    } catch (SQLException e) {
      throw failed(doing, e);
    }
  }

  /**
   * Reads an entry out of a row with the columns of the table; its times in milliseconds, {@code
   * held} and {@code blocked_by}, and those of the entry's own migration, if there is one.
   *
   * @param table as messages name it
   */
  protected static ScheduleEntry entry(ResultSet row, String table) throws SQLException {
    long notBefore = row.getLong("not_before_millis");
    Optional<Instant> earliest =
        row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(notBefore));
    long blockedBy = row.getLong("blocked_by");
    return new ScheduleEntry(
        row.getLong("id"),
        table,
        row.getString("alter_clause"),
        EntryState.ofLabel(row.getString("state")),
        row.getString("detail"),
        row.getInt("priority"),
        earliest,
        row.getBoolean("held"),
        row.getString("owner"),
        migration(row),
        blockedBy == 0 ? OptionalLong.empty() : OptionalLong.of(blockedBy),
        Instant.ofEpochMilli(row.getLong("added_millis")),
        Instant.ofEpochMilli(row.getLong("changed_millis")),
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
