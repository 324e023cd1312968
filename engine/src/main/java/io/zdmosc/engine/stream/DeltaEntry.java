package io.zdmosc.engine.stream;

import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.SourceTransaction;

/** One changed key that waits to be flushed. Guarded by its {@link Delta}. */
final class DeltaEntry {
  final Key key;
  final long sequence;
  final SourceTransaction first;
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

  /** One entry for both: as old as the older, as settled as the younger. */
  static DeltaEntry merge(DeltaEntry one, DeltaEntry other) {
    DeltaEntry older = one.sequence <= other.sequence ? one : other;
    DeltaEntry younger = older == one ? other : one;
    older.last = younger.last;
    older.notBeforeNanos = younger.notBeforeNanos;
    older.conflicts = Math.max(one.conflicts, other.conflicts);
    if (older.conflictReason.isEmpty()) {
      older.conflictReason = younger.conflictReason;
    }
    return older;
  }

  void changedAgain(SourceTransaction transaction) {
    last = transaction;
  }

  SourceTransaction last() {
    return last;
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
