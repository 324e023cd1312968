package io.zdmosc.postgres.handover;

import java.util.List;
import java.util.stream.Stream;

/**
 * How things change hands, worked out when the shadow is built and kept with the migration. It
 * holds as long as the fingerprint of the table's shape does.
 *
 * @param onShadow statements that are run when the shadow has been made, on the empty table, under
 *     the name that it has until the swap
 * @param ahead what is done before the cut-over, while the application goes on; who goes on with
 *     the migration may do it again
 * @param newViews what is made on the shadow after the copy
 * @param locked the qualified names of the other relations that the cut-over must lock with the
 *     table, as SQL has them
 * @param forth from the old table to the new one
 * @param back from the new table to the old one
 */
public record Handover(
    List<String> onShadow,
    List<FollowUp> ahead,
    List<NewViews> newViews,
    List<String> locked,
    Transfer forth,
    Transfer back) {
  public static final Handover NONE = new Handover(List.of(), Transfer.NONE, Transfer.NONE);

  public Handover {
    onShadow = List.copyOf(onShadow);
    ahead = List.copyOf(ahead);
    newViews = List.copyOf(newViews);
    locked = List.copyOf(locked);
  }

  /** With no views to be made. */
  public Handover(
      List<String> onShadow,
      List<FollowUp> ahead,
      List<String> locked,
      Transfer forth,
      Transfer back) {
    this(onShadow, ahead, List.of(), locked, forth, back);
  }

  /** With nothing to be done on the shadow before the swap. */
  public Handover(List<String> locked, Transfer forth, Transfer back) {
    this(List.of(), List.of(), locked, forth, back);
  }

  /** With nothing to be done ahead. */
  public Handover(List<String> onShadow, List<String> locked, Transfer forth, Transfer back) {
    this(onShadow, List.of(), locked, forth, back);
  }

  /** This, and what builds upon it. */
  public Handover and(Handover upon) {
    return new Handover(
        Stream.concat(onShadow.stream(), upon.onShadow.stream()).toList(),
        Stream.concat(ahead.stream(), upon.ahead.stream()).toList(),
        Stream.concat(newViews.stream(), upon.newViews.stream()).toList(),
        Stream.concat(locked.stream(), upon.locked.stream()).distinct().toList(),
        forth.and(upon.forth),
        back.and(upon.back));
  }

  /** The materialized views that are filled before the swap. */
  public List<NewViews.Fill> fills() {
    return newViews.stream().flatMap(each -> each.fills().stream()).toList();
  }
}
