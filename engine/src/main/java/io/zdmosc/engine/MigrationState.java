package io.zdmosc.engine;

import java.util.Locale;

/**
 * The states of a migration, in the order in which a run passes through them. Each is written to
 * the control schema before anything relies on its effects.
 */
public enum MigrationState {
  PLANNED,
  PREPARED,
  COPYING,
  INDEXING,
  CATCHING_UP,
  VERIFYING,
  READY,
  CUTTING_OVER,
  SWAPPED,
  CONTRACTED,
  ROLLED_BACK,
  ABORTED;

  /** True when nothing of the migration needs to be driven or cleaned up any more. */
  public boolean isTerminal() {
    return this == CONTRACTED || this == ROLLED_BACK || this == ABORTED;
  }

  /** Whether the tables were swapped, be it that they were swapped back. */
  public boolean isBeyondTheSwap() {
    return this == SWAPPED || this == CONTRACTED || this == ROLLED_BACK;
  }

  /** The end of a migration in this state when all that it left is removed. */
  public MigrationState whenRemoved() {
    return this == SWAPPED ? CONTRACTED : isBeyondTheSwap() ? this : ABORTED;
  }

  /** The state as users and the control schema see it: {@code catching up}, {@code copying}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** The state whose {@link #label()} is the given text. */
  public static MigrationState ofLabel(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT).replace(' ', '_'));
  }
}
