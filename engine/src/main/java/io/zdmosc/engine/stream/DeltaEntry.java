package io.zdmosc.engine.stream;

import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.Position;
import io.zdmosc.engine.spi.Settlement;
import io.zdmosc.engine.spi.SourceTransaction;
import java.util.Optional;

/** One changed key that waits to be flushed. Guarded by its {@link Delta}. */
final class DeltaEntry {
  final Key key;
  final long sequence;

  /** Null, as {@link #last}, where no commit of it needs the log any more. */
  private SourceTransaction first;

  final long arrivedNanos;
  private SourceTransaction last;
  private long notBeforeNanos;
  private int conflicts;
  private String conflictReason = "";

  DeltaEntry(Key key, long sequence, SourceTransaction transaction) {
    this.key = key;
    this.sequence = sequence;
    this.first = transaction;
    this.last = transaction;
    this.arrivedNanos = System.nanoTime();
    this.notBeforeNanos = arrivedNanos;
  }

  /**
   * One that an earlier process has kept: its commit is known to be visible, and to nobody else.
   */
  static DeltaEntry restored(Key key, long sequence) {
    return new DeltaEntry(key, sequence, null);
  }

  /** One entry for both: as old as the older, as settled as the younger. */
  static DeltaEntry merge(DeltaEntry one, DeltaEntry other) {
    DeltaEntry older = one.sequence <= other.sequence ? one : other;
    DeltaEntry younger = older == one ? other : one;
    older.last = younger.last == null ? older.last : younger.last;
    older.notBeforeNanos = younger.notBeforeNanos;
    older.conflicts = Math.max(one.conflicts, other.conflicts);
    older.first = older.first == null ? younger.first : older.first;
    if (older.conflictReason.isEmpty()) {
      older.conflictReason = younger.conflictReason;
    }
    return older;
  }

  void changedAgain(SourceTransaction transaction) {
    last = transaction;
  }

  /** Whether all its commits are visible to reads that begin from now on. */
  boolean isVisible(Settlement settlement) {
    return (last == null || settlement.contains(last))
        && (first == null || first == last || settlement.contains(first));
  }

  /** Its commits so far are visible, and others see to it that its key is not forgotten. */
  void letGoOfTheLog() {
    first = null;
    last = null;
  }

  /** Where the first of its commits stands that the log must be kept for; empty where none is. */
  Optional<Position> neededFrom() {
    return Optional.ofNullable(first).map(SourceTransaction::position);
  }

  boolean isDue(long now) {
    return now - notBeforeNanos >= 0;
  }

  void restUntil(long nanos) {
    notBeforeNanos = nanos;
  }

  void conflict(String reason) {
    conflicts++;
    conflictReason = reason;
  }

  void tryAgain() {
    conflicts = 0;
    notBeforeNanos = System.nanoTime();
  }

  int conflicts() {
    return conflicts;
  }

  String conflictReason() {
    return conflictReason;
  }
}
