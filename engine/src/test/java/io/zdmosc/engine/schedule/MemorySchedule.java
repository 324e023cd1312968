package io.zdmosc.engine.schedule;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.durable.MigrationOrder;
import io.zdmosc.engine.durable.RecordText;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.schedule.ScheduleEntry.OwnMigration;
import io.zdmosc.engine.spi.ScheduleSession;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** A schedule in memory, with leases that end with their sessions. */
final class MemorySchedule {
  private final Map<Long, ScheduleEntry> entries = new TreeMap<>();
  private final Set<Long> leased = new HashSet<>();
  private boolean broken;

  Schedule schedule() {
    return new Schedule(Session::new);
  }

  synchronized void broken(boolean value) {
    broken = value;
  }

  synchronized ScheduleEntry get(long id) {
    return entries.get(id);
  }

  synchronized Set<Long> leased() {
    return Set.copyOf(leased);
  }

  static NewEntry order(String table, int priority, Optional<Instant> notBefore) {
    Plan plan =
        new Plan(
            table,
            table,
            "ADD COLUMN x int",
            List.of("id"),
            "primary key",
            List.of(),
            List.of(),
            List.of(),
            new Plan.TableSize(1, 1, 1));
    return new NewEntry(
        new MigrationOrder(new ChangeRequest(table, plan.alter()), RunOptions.defaults(), plan),
        priority,
        notBefore);
  }

  /** A waiting entry. */
  long add(String table, int priority) {
    return schedule().add(order(table, priority, Optional.empty())).id();
  }

  /** Changes what a daemon cannot. */
  synchronized void put(
      long id, EntryState state, Optional<OwnMigration> migration, OptionalLong blockedBy) {
    ScheduleEntry old = entries.get(id);
    entries.put(id, with(old, state, old.detail(), migration, blockedBy, old.recorded()));
  }

  synchronized void record(long id, String recorded) {
    ScheduleEntry old = entries.get(id);
    entries.put(
        id, with(old, old.state(), old.detail(), old.migration(), old.blockedBy(), recorded));
  }

  private static ScheduleEntry with(
      ScheduleEntry old,
      EntryState state,
      String detail,
      Optional<OwnMigration> migration,
      OptionalLong blockedBy,
      String recorded) {
    return new ScheduleEntry(
        old.id(),
        old.table(),
        old.alter(),
        state,
        detail,
        old.priority(),
        old.notBefore(),
        old.held(),
        old.owner(),
        migration,
        blockedBy,
        old.addedAt(),
        old.changedAt(),
        recorded);
  }

  private final class Session implements ScheduleSession {
    private final Set<Long> own = new HashSet<>();

    private Session() {
      synchronized (MemorySchedule.this) {
        if (broken) {
          throw MigrationFailedException.passing("no server", "", "", null);
        }
      }
    }

    @Override
    public long add(NewEntry entry) {
      synchronized (MemorySchedule.this) {
        long id = entries.size() + 1L;
        entries.put(
            id,
            new ScheduleEntry(
                id,
                entry.order().plan().table(),
                entry.order().plan().alter(),
                EntryState.WAITING,
                "",
                entry.priority(),
                entry.notBefore(),
                false,
                "",
                Optional.empty(),
                OptionalLong.empty(),
                Instant.EPOCH,
                Instant.EPOCH,
                RecordText.write(entry.order())));
        return id;
      }
    }

    @Override
    public List<ScheduleEntry> entries(OptionalLong id) {
      synchronized (MemorySchedule.this) {
        return entries.values().stream()
            .filter(entry -> id.isEmpty() || entry.id() == id.getAsLong())
            .toList();
      }
    }

    @Override
    public boolean tryLease(long id) {
      synchronized (MemorySchedule.this) {
        boolean free = leased.add(id);
        if (free) {
          own.add(id);
        }
        return free;
      }
    }

    @Override
    public void own(long id, String process) {
      // nobody asks
    }

    @Override
    public void write(long id, EntryState state, String detail) {
      synchronized (MemorySchedule.this) {
        ScheduleEntry old = entries.get(id);
        if (!old.state().hasEnded()) {
          entries.put(
              id, with(old, state, detail, old.migration(), old.blockedBy(), old.recorded()));
        }
      }
    }

    @Override
    public void delete(long id) {
      synchronized (MemorySchedule.this) {
        entries.remove(id);
      }
    }

    @Override
    public void close() {
      synchronized (MemorySchedule.this) {
        leased.removeAll(own);
      }
    }
  }
}
