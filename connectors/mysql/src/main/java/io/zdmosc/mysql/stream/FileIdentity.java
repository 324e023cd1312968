package io.zdmosc.mysql.stream;

import io.zdmosc.engine.error.MigrationFailedException;

/**
 * Knows the present log file by when it was begun. After {@code RESET BINARY LOGS} there is another
 * file of the same name, in which an old offset means something else. Not thread-safe.
 */
final class FileIdentity {
  private String file = "";
  private long begun;

  /**
   * The stream reads this file.
   *
   * @param begunAt when the server wrote its first event, in seconds since 1970
   * @throws MigrationFailedException when it is not the file that was read under this name before
   */
  void met(String name, long begunAt) {
    if (name.equals(file) && begunAt != begun) {
      throw new MigrationFailedException(
          "The binary log was begun anew (RESET BINARY LOGS): " + name + " is another file now.",
          "The source table is untouched.",
          "Run the migration again.");
    }
    file = name;
    begun = begunAt;
  }
}
