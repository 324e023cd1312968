package io.zdmosc.engine.concurrent;

import io.zdmosc.engine.error.MigrationFailedException;

/**
 * What a thread of ours ended with, as something that the others can be told. None may end unheard:
 * whoever waits for its work would wait for ever, or take the work for done.
 */
public final class ThreadFailure {
  private ThreadFailure() {}

  /** A failure as it is. An Error, for which nobody is prepared, as the cause of one. */
  public static RuntimeException of(Throwable thrown) {
    if (thrown instanceof RuntimeException failure) {
      return failure;
    }
    if (thrown instanceof OutOfMemoryError) {
      return new MigrationFailedException(
          "The process has no room left in memory (" + thrown.getMessage() + ").",
          "The source table is untouched.",
          "Run the migration again with a larger heap, as in: ZDM_OSC_JAVA_OPTS=-Xmx2g",
          thrown);
    }
    return new IllegalStateException(
        "thread " + Thread.currentThread().getName() + " died: " + thrown, thrown);
  }
}
