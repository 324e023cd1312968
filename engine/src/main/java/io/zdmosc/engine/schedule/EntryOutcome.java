package io.zdmosc.engine.schedule;

import static java.util.Objects.requireNonNull;

/**
 * What came of the work on an entry.
 *
 * @param end how it stands now
 * @param words what there is to say, or empty
 */
public record EntryOutcome(End end, String words) {
  /** How it stands. */
  public enum End {
    DONE,
    FAILED,
    /** It has not ended: something stood in its way that may pass. It is tried again. */
    LATER,
    /** The daemon was told to stop. Whoever is next goes on with it. */
    SUSPENDED
  }

  public EntryOutcome {
    requireNonNull(end, "end is null");
    requireNonNull(words, "words is null");
  }
}
