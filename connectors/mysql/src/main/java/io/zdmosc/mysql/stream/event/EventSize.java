package io.zdmosc.mysql.stream.event;

import io.zdmosc.engine.error.MigrationFailedException;

/**
 * How large an event may be that is read whole: a quarter of the heap, so that an event which is
 * larger than that ends the stream with an error, and not the process without one.
 */
public final class EventSize {
  private static final long MOST = Runtime.getRuntime().maxMemory() / 4;

  private EventSize() {}

  /**
   * The size, if there is room for so many bytes.
   *
   * @throws MigrationFailedException where there is none
   */
  public static int check(long bytes) {
    if (bytes > MOST) {
      throw noRoom("an event of " + bytes + " bytes, where " + MOST + " is the most");
    }
    return (int) bytes;
  }

  /** For an event that was met when memory had run out. */
  public static MigrationFailedException noRoom() {
    return noRoom("an event that is larger");
  }

  private static MigrationFailedException noRoom(String what) {
    return new MigrationFailedException(
        "The change stream has no room in memory for what the binary log holds: " + what + ".",
        "The source table is untouched.",
        "Run the migration again with a larger heap, as in: ZDM_OSC_JAVA_OPTS=-Xmx2g");
  }
}
