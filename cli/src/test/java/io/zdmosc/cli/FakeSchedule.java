package io.zdmosc.cli;

import io.zdmosc.engine.durable.RecordText;
import io.zdmosc.engine.schedule.EntryState;
import io.zdmosc.engine.schedule.NewEntry;
import io.zdmosc.engine.schedule.ScheduleEntry;
import io.zdmosc.engine.spi.ScheduleSession;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** A schedule in memory. */
final class FakeSchedule implements ScheduleSession {
  final Map<Long, ScheduleEntry> entries = new TreeMap<>();
  final Map<Long, String> owners = new TreeMap<>();
  boolean taken;

  @Override
  public long add(NewEntry entry) {
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

  /** Changes an entry's state, detail and migration. */
  void put(
      long id, EntryState state, String detail, Optional<ScheduleEntry.OwnMigration> migration) {
    ScheduleEntry old = entries.get(id);
    entries.put(
        id,
        new ScheduleEntry(
            id,
            old.table(),
            old.alter(),
            state,
            detail,
            old.priority(),
            old.notBefore(),
            taken,
            "1@host",
            migration,
            OptionalLong.empty(),
            old.addedAt(),
            old.changedAt(),
            old.recorded()));
  }

  @Override
  public List<ScheduleEntry> entries(OptionalLong id) {
    return entries.values().stream()
        .filter(entry -> id.isEmpty() || entry.id() == id.getAsLong())
        .toList();
  }

  @Override
  public boolean tryLease(long id) {
    return !taken;
  }

  @Override
  public void own(long id, String process) {
    owners.put(id, process);
  }

  @Override
  public void write(long id, EntryState state, String detail) {
    put(id, state, detail, Optional.empty());
  }

  @Override
  public void delete(long id) {
    entries.remove(id);
  }

  @Override
  public void close() {
    // nothing is open
  }
}
