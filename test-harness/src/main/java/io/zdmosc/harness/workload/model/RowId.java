package io.zdmosc.harness.workload.model;

import java.util.Comparator;

/**
 * Tells rows apart.
 *
 * @param owner whose lock guards the row; {@link Model#hotOwner()} for rows without a lock
 * @param slot the number of the row's key; negative if the server's sequence gave it
 */
public record RowId(int owner, long slot) implements Comparable<RowId> {
  private static final Comparator<RowId> ORDER =
      Comparator.comparingInt(RowId::owner).thenComparingLong(RowId::slot);

  @Override
  public int compareTo(RowId other) {
    return ORDER.compare(this, other);
  }
}
