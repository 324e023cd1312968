package io.zdmosc.mysql.stream;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.ChangeListener;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.mysql.stream.event.GtidEvent;
import io.zdmosc.mysql.stream.event.XaPrepareEvent;
import io.zdmosc.mysql.stream.event.Xid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Hands changed keys on under the transaction that committed them.
 *
 * <p>A transaction stands in the log when it commits, so its keys are handed on as they are read.
 * Not so an XA transaction: its rows stand where it was prepared, and only a word where it commits,
 * which can be much later. Its keys wait here until then, and the progress that is told does not
 * pass them. For one thread, but for {@link #preparedKeys} and {@link #committedBehind}.
 */
final class Transactions {
  private static final int MOST_PREPARED_KEYS = 1_000_000;
  private static final long NO_ROOM_NANOS = 500_000;

  private final ChangeListener listener;
  private final BooleanSupplier closed;
  private final XaEnds xaEnds;
  private final BinlogPosition xaKnownFrom;
  private final Map<Xid, Prepared> prepared = new HashMap<>();
  private final CommitTimes commitTimes = new CommitTimes();
  private BinlogTransaction transaction;
  private BinlogTransaction timed;
  private List<Key> collected;
  private volatile int preparedKeys;
  private BinlogPosition resume;

  private record Prepared(List<Key> keys, BinlogPosition position) {}

  /** Waits until the server has really ended a prepared transaction. */
  @FunctionalInterface
  interface XaEnds {
    void await(Xid xid);
  }

  /**
   * @param closed true when nothing is to be handed on any more
   * @param xaKnownFrom from here on, whatever commits was prepared behind {@code resume}
   */
  Transactions(
      ChangeListener listener,
      BooleanSupplier closed,
      XaEnds xaEnds,
      BinlogPosition resume,
      BinlogPosition xaKnownFrom) {
    this.listener = listener;
    this.closed = closed;
    this.xaEnds = xaEnds;
    this.resume = resume;
    this.xaKnownFrom = xaKnownFrom;
  }

  /** Where to go on after a lost connection: behind the last whole transaction. */
  BinlogPosition resume() {
    return resume;
  }

  /** Changed keys of transactions that have been read, but are only prepared. Thread-safe. */
  int preparedKeys() {
    return preparedKeys;
  }

  void begin(GtidEvent gtid, BinlogPosition position) {
    forgetCollected();
    transaction =
        new BinlogTransaction(gtid.gtid(), position, gtid.committedAt(), System.nanoTime());
  }

  /** A key of the source table was changed. */
  void changed(Key key) {
    if (collected != null) {
      collected.add(key);
      if (++preparedKeys > MOST_PREPARED_KEYS) {
        throw tooManyPrepared();
      }
    } else {
      handOn(key, transaction);
    }
  }

  private void handOn(Key key, BinlogTransaction of) {
    while (!listener.ready()) {
      if (closed.getAsBoolean()) {
        return;
      }
      LockSupport.parkNanos(NO_ROOM_NANOS);
    }
    if (!closed.getAsBoolean()) {
      listener.onChange(key, of);
    }
  }

  /** One of our own fences came. */
  void fence(String token) {
    if (!closed.getAsBoolean()) {
      listener.onFence(token);
    }
  }

  /** Everything up to this position is whole: a transaction ends here, or a file begins. */
  void end(BinlogPosition position) {
    forgetCollected();
    if (position.compareTo(resume) > 0) {
      resume = position;
      if (transaction != null && transaction != timed) {
        timed = transaction;
        commitTimes.committed(position, transaction.committedAt());
      }
      tellProgress();
    }
  }

  /** When the first transaction that ends behind this place was committed. Thread-safe. */
  Optional<Instant> committedBehind(BinlogPosition place) {
    return commitTimes.firstBehind(place);
  }

  private void forgetCollected() {
    if (collected != null) {
      preparedKeys -= collected.size();
      collected = null;
    }
  }

  private void tellProgress() {
    BinlogPosition through = resume;
    for (Prepared waiting : prepared.values()) {
      if (!waiting.keys().isEmpty() && waiting.position().compareTo(through) < 0) {
        through = waiting.position();
      }
    }
    if (!closed.getAsBoolean()) {
      listener.onProgress(through);
    }
  }

  void xaBegins() {
    forgetCollected();
    collected = new ArrayList<>();
  }

  void prepared(XaPrepareEvent event) {
    List<Key> keys = collected == null ? List.of() : collected;
    collected = null;
    if (event.onePhase()) {
      preparedKeys -= keys.size();
      keys.forEach(key -> handOn(key, transaction));
    } else {
      // after a reconnection the same one may come again
      Prepared before = prepared.put(event.xid(), new Prepared(keys, transaction.position()));
      preparedKeys -= before == null ? 0 : before.keys().size();
    }
  }

  /**
   * The word that commits a prepared transaction can stand in the log before the commit is visible,
   * and commits of others can pass it there. So this waits until the server does not list it as
   * prepared any more.
   */
  void xaCommitted(Xid xid, BinlogPosition position) {
    Prepared ended = prepared.remove(xid);
    if (ended == null) {
      // what lies before the place to go on from has been read before
      if (position.compareTo(xaKnownFrom) > 0 && position.compareTo(resume) > 0) {
        throw preparedBefore(xid);
      }
      return;
    }
    preparedKeys -= ended.keys().size();
    if (!ended.keys().isEmpty()) {
      xaEnds.await(xid);
      BinlogTransaction committed =
          new BinlogTransaction(
              transaction.gtid(), ended.position(), transaction.committedAt(), System.nanoTime());
      ended.keys().forEach(key -> handOn(key, committed));
    }
  }

  void xaRolledBack(Xid xid) {
    Prepared ended = prepared.remove(xid);
    if (ended != null) {
      preparedKeys -= ended.keys().size();
    }
  }

  private static MigrationFailedException tooManyPrepared() {
    return new MigrationFailedException(
        "Prepared XA transactions have changed more than "
            + MOST_PREPARED_KEYS
            + " rows of the source table, and have not committed yet.",
        "The source table is untouched.",
        "End them (XA RECOVER lists them), and run the migration again.");
  }

  private static MigrationFailedException preparedBefore(Xid xid) {
    return new MigrationFailedException(
        "XA transaction "
            + xid
            + " committed, but was prepared before the migration began: its rows are not known.",
        "The source table is untouched.",
        "Run the migration again.");
  }
}
