package io.zdmosc.engine.schedule;

import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.spi.ScheduleSession;
import io.zdmosc.engine.spi.ThisProcess;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** The schedule of a database. Thread-safe. */
public final class Schedule {
  private final Supplier<ScheduleSession> sessions;

  /**
   * The schedule.
   *
   * @param sessions opens a connection, which is closed here
   */
  public Schedule(Supplier<ScheduleSession> sessions) {
    this.sessions = sessions;
  }

  /** Adds an entry. */
  public ScheduleEntry add(NewEntry entry) {
    try (ScheduleSession session = sessions.get()) {
      return existing(session, session.add(entry));
    }
  }

  /** Entries by their numbers: all that have not ended, and the latest that have. */
  public List<ScheduleEntry> entries() {
    try (ScheduleSession session = sessions.get()) {
      return session.entries(OptionalLong.empty()).stream()
          .sorted(Comparator.comparing(ScheduleEntry::id))
          .toList();
    }
  }

  /**
   * Takes an entry, until {@link Taken#close} or the end of the connection.
   *
   * @return empty when another process has it, or it has ended or is gone
   */
  public Optional<Taken> take(long id) {
    ScheduleSession session = sessions.get();
    Optional<Taken> taken = Optional.empty();
    try {
      if (session.tryLease(id)) {
        // read now: it may have ended before the lease was ours
        Optional<ScheduleEntry> open = find(session, id).filter(it -> !it.state().hasEnded());
        if (open.isPresent()) {
          session.own(id, ThisProcess.name());
          taken = open.map(entry -> new Taken(session, entry));
        }
      }
      return taken;
    } finally {
      if (taken.isEmpty()) {
        session.close();
      }
    }
  }

  /** Writes the state of an entry; one that has ended stays as it is. */
  public void write(long id, EntryState state, String detail) {
    try (ScheduleSession session = sessions.get()) {
      session.write(id, state, detail);
    }
  }

  /**
   * Removes an entry. What was done for it stays as it is.
   *
   * @return what was removed
   * @throws RefusedException when there is none, or it is under way
   */
  public ScheduleEntry remove(long id) {
    try (ScheduleSession session = sessions.get()) {
      boolean free = session.tryLease(id);
      ScheduleEntry entry = existing(session, id);
      if (!free || entry.isUnfinished()) {
        throw underWay(entry);
      }
      session.delete(id);
      return entry;
    }
  }

  /**
   * The order of an entry that has failed, to be planned anew.
   *
   * @throws RefusedException when there is none, it has not failed, or it cannot be read
   */
  public ScheduleEntry failed(long id) {
    try (ScheduleSession session = sessions.get()) {
      return failed(session, id);
    }
  }

  /**
   * Adds a new entry in place of one that has failed, which is removed. The new one has a number of
   * its own, since a number never has two migrations.
   *
   * @throws RefusedException when there is no entry of that number, or it has not failed
   */
  public ScheduleEntry replace(long id, NewEntry entry) {
    try (ScheduleSession session = sessions.get()) {
      failed(session, id);
      long added = session.add(entry);
      session.delete(id);
      return existing(session, added);
    }
  }

  private static ScheduleEntry failed(ScheduleSession session, long id) {
    ScheduleEntry entry = existing(session, id);
    if (entry.state() != EntryState.FAILED) {
      throw RefusedException.of(
          "entry " + id,
          "has not failed, it is " + entry.state().label(),
          entry.state() == EntryState.DONE
              ? "To do it once more, add it: zdm-osc schedule add"
              : "zdm-osc serve carries it out.");
    }
    return entry;
  }

  private static RefusedException underWay(ScheduleEntry entry) {
    Optional<Long> migration = entry.migration().map(ScheduleEntry.OwnMigration::id);
    return RefusedException.of(
        "entry " + entry.id(),
        "is under way" + migration.map(id -> " as migration " + id).orElse(""),
        migration
            .map(id -> "Stop it first: zdm-osc abort --id " + id)
            .orElse("Look again in a moment: zdm-osc schedule list"));
  }

  private static ScheduleEntry existing(ScheduleSession session, long id) {
    return find(session, id)
        .orElseThrow(
            () ->
                RefusedException.of(
                    "entry " + id,
                    "does not exist",
                    "zdm-osc schedule list shows those that there are."));
  }

  private static Optional<ScheduleEntry> find(ScheduleSession session, long id) {
    return session.entries(OptionalLong.of(id)).stream().findFirst();
  }

  /** An entry that nobody else works on. */
  public static final class Taken implements AutoCloseable {
    private final ScheduleSession session;
    private final ScheduleEntry entry;

    private Taken(ScheduleSession session, ScheduleEntry entry) {
      this.session = session;
      this.entry = entry;
    }

    /** As it was when it was taken. */
    public ScheduleEntry entry() {
      return entry;
    }

    @Override
    public void close() {
      session.close();
    }
  }
}
