package io.zdmosc.postgres.handover;

import java.util.List;
import java.util.stream.Stream;

/**
 * Statements that take things from the table that stops serving to the one that begins to.
 *
 * @param first what the cut-over locks before the table, in this order
 * @param release in the swap's transaction, while the table that stops still has its name
 * @param attach in the same transaction, when the one that begins has the name, its constraints and
 *     its sequences
 * @param afterwards when that has been committed
 */
public record Transfer(
    List<FirstLock> first, List<String> release, List<String> attach, List<FollowUp> afterwards) {
  public static final Transfer NONE = new Transfer(List.of(), List.of(), List.of());

  public Transfer {
    first = List.copyOf(first);
    release = List.copyOf(release);
    attach = List.copyOf(attach);
    afterwards = List.copyOf(afterwards);
  }

  /** With nothing to be locked before the table. */
  public Transfer(List<String> release, List<String> attach, List<FollowUp> afterwards) {
    this(List.of(), release, attach, afterwards);
  }

  /** This, and what builds upon it: that is locked and released before it and attached after it. */
  Transfer and(Transfer upon) {
    return new Transfer(
        both(upon.first, first).stream().distinct().toList(),
        both(upon.release, release),
        both(attach, upon.attach),
        both(afterwards, upon.afterwards));
  }

  private static <T> List<T> both(List<T> first, List<T> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}
