package io.zdmosc.mysql.stream;

import io.zdmosc.engine.error.MigrationFailedException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Knows log files by when they were begun. After {@code RESET BINARY LOGS} there is another file of
 * the same name, in which an old offset means something else. Thread-safe.
 */
final class FileIdentity {
  private final Map<String, Long> begun = new ConcurrentHashMap<>();

  /**
   * The stream reads this file.
   *
   * @param begunAt when the server wrote its first event, in seconds since 1970
   * @throws MigrationFailedException when it is not the file that was read under this name before
   */
  void met(String name, long begunAt) {
    Long before = begun.putIfAbsent(name, begunAt);
    if (before != null && before != begunAt) {
      throw MigrationFailedException.changesLost(
          "The binary log was begun anew (RESET BINARY LOGS): " + name + " is another file now.",
          "The source table is untouched.",
          "Run the migration again.");
    }
  }

  /** When this file was begun; empty when the stream has not met it. */
  Optional<Long> begun(String name) {
    return Optional.ofNullable(begun.get(name));
  }
}
