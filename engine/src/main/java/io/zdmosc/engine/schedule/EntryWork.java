package io.zdmosc.engine.schedule;

/** The work on an entry that this process has taken. */
interface EntryWork {
  /** Does it on the calling thread. */
  EntryOutcome run();

  /**
   * Whether only an old table is kept in step by now: that takes none of the places that there are
   * for migrations.
   */
  boolean isFollowing();

  /** From any thread, at any time: the work is to end, and what was done for it to stay. */
  void suspend();
}
