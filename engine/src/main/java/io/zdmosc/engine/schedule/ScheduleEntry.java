package io.zdmosc.engine.schedule;

import static java.util.Objects.requireNonNull;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.durable.MigrationOrder;
import io.zdmosc.engine.durable.RecordText;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An entry of the schedule, as the control schema has it.
 *
 * @param table the table's full name, quoted where it must be
 * @param detail why it failed, or what there is to say; or empty
 * @param held true when a process has its lease
 * @param owner the process that is at it, or was at it last; or empty
 * @param migration the migration that was begun for it
 * @param blockedBy an unfinished migration of the table that is not this entry's
 * @param recorded the {@link MigrationOrder}, written down
 */
public record ScheduleEntry(
    long id,
    String table,
    String alter,
    EntryState state,
    String detail,
    int priority,
    Optional<Instant> notBefore,
    boolean held,
    String owner,
    Optional<OwnMigration> migration,
    OptionalLong blockedBy,
    Instant addedAt,
    Instant changedAt,
    String recorded) {
  public ScheduleEntry {
    requireNonNull(notBefore, "notBefore is null");
    requireNonNull(migration, "migration is null");
    requireNonNull(blockedBy, "blockedBy is null");
  }

  /**
   * The migration of an entry.
   *
   * @param open true until it has ended
   * @param alive true when a process drives it, whichever that is
   */
  public record OwnMigration(
      long id, MigrationState state, String detail, boolean open, boolean alive) {}

  /** True when a migration was begun for it that has not ended. */
  public boolean isUnfinished() {
    return !state.hasEnded() && migration.isPresent() && migration.get().open();
  }

  /** What to do about one that has failed and would fail again, as its detail says it then. */
  static String anew(long id) {
    return "zdm-osc schedule remove --id " + id + ", then add it anew: zdm-osc schedule add";
  }

  /** False when it has failed for something that another try would meet again. */
  public boolean isWorthAnother() {
    return !detail.contains(anew(id));
  }

  /**
   * What is to be done.
   *
   * @throws IllegalArgumentException when another version has written it
   */
  public MigrationOrder order() {
    return RecordText.read(recorded, MigrationOrder.class);
  }
}
