package io.zdmosc.engine.stream;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.BuildStep;
import io.zdmosc.engine.spi.UniqueConflictException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The index by which the shadow's rows are found. It may be put off while the table is copied,
 * since it is built faster in bulk; the delta holds the copied keys meanwhile. It is built at the
 * latest when too many are held, when the server has to keep too much log for them, or when
 * somebody wants it.
 *
 * <p>Thread-safe, but for {@link #build}: one thread builds, while nothing is flushed.
 */
public final class KeyIndex {
  private final Optional<BuildStep> step;
  private final int processes;
  private final int heldKeys;
  private final BooleanSupplier pressed;
  private volatile boolean wanted;
  private volatile boolean there;

  /**
   * @param step how to build it; empty when it is there
   * @param processes how many of the server's processes may build it
   * @param heldKeys how many keys may be held for it
   * @param pressed true when it must not be put off any longer
   */
  public KeyIndex(Optional<BuildStep> step, int processes, int heldKeys, BooleanSupplier pressed) {
    this.step = step;
    this.processes = processes;
    this.heldKeys = heldKeys;
    this.pressed = pressed;
    this.there = step.isEmpty();
    this.wanted = heldKeys == 0;
  }

  /** True when keys can be flushed. */
  public boolean isThere() {
    return there;
  }

  /** From now on it is not put off any more: the flush builds it before its next batch. */
  public void want() {
    wanted = true;
  }

  boolean isDue(int held) {
    return !there && (wanted || held >= heldKeys || pressed.getAsBoolean());
  }

  /** Builds it as the only one, unless it is there. */
  void build() {
    if (!there) {
      build(processes);
    }
  }

  /**
   * Builds it.
   *
   * @throws MigrationFailedException when two rows have the same key: the change makes them so
   */
  public void build(int among) {
    BuildStep building = step.orElseThrow();
    try {
      building.run(among);
    } catch (UniqueConflictException e) {
      throw new MigrationFailedException(
          "Could not build " + building.describe() + ": " + e.getMessage(),
          "The source table is untouched.",
          "Mend these rows, or change the constraint, and run the migration again.",
          e);
    }
    there = true;
  }

  /** What is built, in words. */
  public String describe() {
    return step.map(BuildStep::describe).orElse("");
  }
}
