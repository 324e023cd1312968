package io.zdmosc.postgres.handover;

import java.util.List;
import java.util.stream.Stream;

/**
 * How things change hands, worked out when the shadow is built and kept with the migration. It
 * holds as long as the fingerprint of the table's shape does.
 *
 * @param locked the qualified names of the other relations that the cut-over must lock with the
 *     table, as SQL has them
 * @param forth from the old table to the new one
 * @param back from the new table to the old one
 */
public record Handover(List<String> locked, Transfer forth, Transfer back) {
  public static final Handover NONE = new Handover(List.of(), Transfer.NONE, Transfer.NONE);

  public Handover {
    locked = List.copyOf(locked);
  }

  /** This, and what builds upon it. */
  public Handover and(Handover upon) {
    return new Handover(
        Stream.concat(locked.stream(), upon.locked.stream()).distinct().toList(),
        forth.and(upon.forth),
        back.and(upon.back));
  }
}
