package io.zdmosc.engine.durable;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import java.util.List;
import java.util.Optional;

/** Reads what was written down about a migration, perhaps by another version. */
public final class Recorded {
  private Recorded() {}

  /**
   * Reads a record to tell of it.
   *
   * @return empty when there is none, or another version has written it
   */
  public static <T extends Record> Optional<T> known(String text, Class<T> type) {
    try {
      return Optional.ofNullable(text).map(it -> RecordText.read(it, type));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Reads a record to act by it.
   *
   * @throws RefusedException when another version has written it
   */
  public static <T extends Record> T read(long migrationId, String text, Class<T> type) {
    try {
      return RecordText.read(text, type);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          List.of(
              new Problem(
                  "migration " + migrationId,
                  "was begun by another version of zdm-osc (" + e.getMessage() + ")",
                  "Resume it with that version, or remove it: zdm-osc cleanup")),
          e);
    }
  }
}
