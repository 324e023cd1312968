package io.zdmosc.engine.spi;

import io.zdmosc.engine.schedule.EntryState;
import io.zdmosc.engine.schedule.NewEntry;
import io.zdmosc.engine.schedule.ScheduleEntry;
import java.util.List;
import java.util.OptionalLong;

/**
 * One connection to the schedule in the control schema. Every method commits before it returns. Not
 * thread-safe.
 */
public interface ScheduleSession extends AutoCloseable {
  /** Adds an entry; its number. */
  long add(NewEntry entry);

  /**
   * Entries in no order: the one of a number, if there is one, or all that have not ended and the
   * latest that have.
   */
  List<ScheduleEntry> entries(OptionalLong id);

  /**
   * Takes an entry's lease, without waiting, until the end of the connection.
   *
   * @return false when another connection has it
   */
  boolean tryLease(long id);

  /** Writes which process is at an entry. */
  void own(long id, String process);

  /** Writes the state of an entry; one that has ended stays as it is. */
  void write(long id, EntryState state, String detail);

  /** Removes an entry. What was done for it stays as it is. */
  void delete(long id);

  @Override
  void close();
}
