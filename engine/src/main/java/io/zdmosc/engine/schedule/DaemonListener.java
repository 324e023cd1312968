package io.zdmosc.engine.schedule;

import io.zdmosc.engine.progress.MigrationListener;
import java.util.List;

/** Watches a daemon. Called from several threads. */
public interface DaemonListener {
  /** The daemon has looked at the schedule, and has entries of these numbers in hand. */
  default void onLook(List<ScheduleEntry> entries, List<Long> inHand) {}

  /** It could not look, and tries again. */
  default void onTrouble(RuntimeException trouble) {}

  /** An entry is taken: begun, or gone on with. */
  default void onTaken(ScheduleEntry entry) {}

  /** Watches what is done for it. */
  default MigrationListener onMigration(ScheduleEntry entry) {
    return MigrationListener.none();
  }

  /** Nothing more is done for an entry, for good or for now. */
  default void onOutcome(ScheduleEntry entry, EntryOutcome outcome) {}
}
