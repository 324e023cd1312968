package io.zdmosc.engine.schedule;

import io.zdmosc.engine.Migration;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.durable.MigrationOrder;
import io.zdmosc.engine.error.BusyException;
import io.zdmosc.engine.error.LeaseLostException;
import io.zdmosc.engine.error.LeftBehindException;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.error.SuspendedException;
import io.zdmosc.engine.error.UnfitChangeException;
import io.zdmosc.engine.error.ZdmException;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.schedule.EntryOutcome.End;
import io.zdmosc.engine.schedule.ScheduleEntry.OwnMigration;
import io.zdmosc.engine.spi.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Carries out one entry that this process has taken: begins its migration, goes on with it, or
 * finds that it has ended meanwhile.
 */
final class EntryRun implements EntryWork {
  private final ScheduleEntry entry;
  private final Schedule schedule;
  private final Supplier<Database> databases;
  private final FollowingListener listener;
  private Migration migration;
  private boolean suspended;

  /**
   * A run.
   *
   * @param databases opens one for this entry alone, since a stop cancels all its statements
   */
  EntryRun(
      ScheduleEntry entry,
      Schedule schedule,
      Supplier<Database> databases,
      MigrationListener listener) {
    this.entry = entry;
    this.schedule = schedule;
    this.databases = databases;
    this.listener = new FollowingListener(listener);
  }

  /** What came of it is written down, where it is an end. */
  @Override
  public EntryOutcome run() {
    if (isSuspended()) {
      return new EntryOutcome(End.SUSPENDED, "");
    }
    if (entry.migration().isPresent() && !entry.migration().get().open()) {
      return write(ended(entry.migration().get()));
    }
    Database database;
    try {
      database = databases.get();
    } catch (ZdmException e) {
      return new EntryOutcome(End.LATER, e.getMessage());
    }
    try (database) {
      return write(drive(database));
    }
  }

  @Override
  public boolean isFollowing() {
    return listener.isFollowing();
  }

  @Override
  public synchronized void suspend() {
    suspended = true;
    if (migration != null) {
      migration.suspend();
    }
  }

  private synchronized boolean isSuspended() {
    return suspended;
  }

  private synchronized Migration begin(Migration made) {
    migration = made;
    if (suspended) {
      made.suspend();
    }
    return made;
  }

  private EntryOutcome drive(Database database) {
    try {
      return ended(begin(migration(database)).run());
    } catch (SuspendedException e) {
      return new EntryOutcome(End.SUSPENDED, e.getMessage());
    } catch (LeaseLostException e) {
      return new EntryOutcome(End.LATER, e.getMessage());
    } catch (BusyException e) {
      return busy(e);
    } catch (MigrationFailedException e) {
      return new EntryOutcome(e.isPassing() ? End.LATER : End.FAILED, words(e));
    } catch (UnfitChangeException e) {
      return new EntryOutcome(End.FAILED, words(e) + "\nNext: " + ScheduleEntry.anew(entry.id()));
    } catch (ZdmException e) {
      return new EntryOutcome(End.FAILED, words(e));
    } catch (RuntimeException | Error e) {
      listener.onNote("internal error: " + e);
      return new EntryOutcome(End.FAILED, "internal error, a bug in zdm-osc: " + e);
    }
  }

  private Migration migration(Database database) {
    if (entry.migration().isPresent()) {
      return Migration.unfinished(database, entry.migration().get().id(), false, listener);
    }
    MigrationOrder order;
    try {
      order = entry.order();
    } catch (IllegalArgumentException e) {
      throw new MigrationFailedException(
          "It was added by another version of zdm-osc (" + e.getMessage() + ").",
          "Nothing was touched.",
          ScheduleEntry.anew(entry.id()),
          e);
    }
    schedule.write(entry.id(), EntryState.RUNNING, "");
    return new Migration(
        database, order.request(), order.options(), OptionalLong.of(entry.id()), listener);
  }

  /** Before it has a migration it waits for its turn again, afterwards for that process's end. */
  private EntryOutcome busy(BusyException e) {
    if (entry.migration().isEmpty()) {
      schedule.write(entry.id(), EntryState.WAITING, "");
    }
    return new EntryOutcome(End.LATER, e.getMessage());
  }

  private static EntryOutcome ended(Summary summary) {
    return ended(summary.state(), String.join("; ", summary.notes()));
  }

  private static EntryOutcome ended(OwnMigration migration) {
    return ended(migration.state(), migration.detail());
  }

  /** What was asked for is the new table; it does not serve when it was rolled back. */
  private static EntryOutcome ended(MigrationState state, String detail) {
    return switch (state) {
      case ABORTED -> new EntryOutcome(End.FAILED, detail);
      case ROLLED_BACK ->
          new EntryOutcome(
              End.FAILED, "It was rolled back by order." + (detail.isEmpty() ? "" : " " + detail));
      default -> new EntryOutcome(End.DONE, detail);
    };
  }

  private EntryOutcome write(EntryOutcome outcome) {
    switch (outcome.end()) {
      case DONE -> schedule.write(entry.id(), EntryState.DONE, outcome.words());
      case FAILED -> schedule.write(entry.id(), EntryState.FAILED, outcome.words());
      case LATER, SUSPENDED -> {
        // as it is: whoever takes it next finds out how far it has come
      }
    }
    return outcome;
  }

  private static String words(ZdmException failure) {
    List<String> words = new ArrayList<>(List.of(failure.getMessage()));
    for (Throwable suppressed : failure.getSuppressed()) {
      if (suppressed instanceof LeftBehindException left) {
        words.add(left.getMessage());
        words.add("Next: " + left.next());
      }
    }
    if (words.size() == 1 && !failure.next().isEmpty()) {
      words.add("Next: " + failure.next());
    }
    return String.join("\n", words);
  }
}
