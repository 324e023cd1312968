package io.zdmosc.engine;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the user asked for.
 *
 * @param table the table's name as the user wrote it, with or without a schema, quoted or not
 * @param alter what follows {@code ALTER TABLE t}; empty to rebuild the table as it is
 * @param stream the change stream to use, by the name that the connector gives it; empty for the
 *     connector's own choice
 * @param hold whether the retired table is to be kept in step after the swap, so that it can be
 *     swapped back
 * @param reverse by which expression over the new table a column of the old one gets its values on
 *     the way back, where that does not follow from the change
 * @param dependents what may become of what depends on the table
 * @param partitioning how the new table is to be partitioned, where the old one is not
 */
public record ChangeRequest(
    String table,
    String alter,
    String stream,
    boolean hold,
    Map<String, String> reverse,
    Dependents dependents,
    Optional<Partitioning> partitioning) {
  public ChangeRequest {
    reverse = Collections.unmodifiableMap(new LinkedHashMap<>(reverse));
    requireNonNull(table, "table is null");
    requireNonNull(alter, "alter is null");
    requireNonNull(stream, "stream is null");
    requireNonNull(dependents, "dependents is null");
    requireNonNull(partitioning, "partitioning is null");
  }

  /** A table that stays in one piece, with all dependents kept. */
  public ChangeRequest(
      String table, String alter, String stream, boolean hold, Map<String, String> reverse) {
    this(table, alter, stream, hold, reverse, Dependents.KEPT);
  }

  /** A table that stays in one piece. */
  public ChangeRequest(
      String table,
      String alter,
      String stream,
      boolean hold,
      Map<String, String> reverse,
      Dependents dependents) {
    this(table, alter, stream, hold, reverse, dependents, Optional.empty());
  }

  /** One way, with the connector's own choice of change stream. */
  public ChangeRequest(String table, String alter) {
    this(table, alter, "", false, Map.of());
  }
}
