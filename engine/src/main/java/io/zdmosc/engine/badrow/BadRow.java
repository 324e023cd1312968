package io.zdmosc.engine.badrow;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.Key;
import java.util.List;
import java.util.Optional;

/**
 * A row that the shadow table refuses.
 *
 * @param key the row's key
 * @param reason the server's own words about this row, with the value where they are known
 */
public record BadRow(Key key, String reason) {

  /**
   * Tries to write the rows of some keys, and leaves nothing written.
   *
   * @param <E> what the driver throws
   */
  @FunctionalInterface
  public interface Attempt<E extends Exception> {
    /**
     * Why the rows are refused; empty when all are taken.
     *
     * @throws E what has nothing to do with the rows
     */
    Optional<String> refusal(List<Key> keys) throws E;
  }

  /**
   * Finds one such row by halving. Costs about twice the writing of all the rows.
   *
   * @return empty when none is refused any more: it has gone or was mended meanwhile
   * @throws E what the attempt throws
   */
  public static <E extends Exception> Optional<BadRow> search(List<Key> keys, Attempt<E> attempt)
      throws E {
    List<Key> candidates = keys;
    while (candidates.size() > 1) {
      List<Key> half = candidates.subList(0, candidates.size() / 2);
      boolean here = attempt.refusal(half).isPresent();
      candidates = here ? half : candidates.subList(half.size(), candidates.size());
    }
    if (candidates.isEmpty()) {
      return Optional.empty();
    }
    Key key = candidates.get(0);
    return attempt.refusal(candidates).map(reason -> new BadRow(key, reason));
  }

  /**
   * The error for a row that the copy met.
   *
   * @param found what the search found; empty when it found nothing
   * @param first the error that made it search
   */
  public static MigrationFailedException copied(
      String table, Optional<BadRow> found, Exception first) {
    return failure("A row of " + table, found, first);
  }

  /** The error for a row that the change stream brought; parameters as of {@link #copied}. */
  public static MigrationFailedException written(
      String table, Optional<BadRow> found, Exception first) {
    return failure("A row that the application wrote to " + table, found, first);
  }

  private static MigrationFailedException failure(
      String row, Optional<BadRow> found, Exception first) {
    return new MigrationFailedException(
        row
            + found.map(bad -> ", key " + bad.key() + ",").orElse("")
            + " does not fit the new table: "
            + found.map(BadRow::reason).orElse(first.getMessage()),
        "The source table is untouched.",
        "Mend the row or the change, and run the migration again.",
        first);
  }
}
