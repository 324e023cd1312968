package io.zdmosc.postgres.stream.debezium;

import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine.ChangeConsumer;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.zdmosc.engine.spi.ChangeListener;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.stream.Lsn;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Takes Debezium's batches to the listener, on Debezium's thread.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>Nothing is delivered before the slot was found to be the one that was looked at.
 *   <li>While the listener is not ready nothing is taken: Debezium's queue fills up to its limit of
 *       records, then Debezium stops reading, and its own thread keeps the connection alive.
 *   <li>No listener method is called after {@link #stop} has returned.
 * </ul>
 *
 * <p>What is acknowledged while the listener is not ready reaches the server when it is again.
 */
final class Delivery implements ChangeConsumer<ChangeEvent<SourceRecord, SourceRecord>> {
  private static final long PAUSE_NANOS = 1_000_000;

  private final SlotGuard slot;
  private final Lsn confirmed;
  private final ChangeListener listener;
  private final RecordReader reader;
  private final Acknowledgement acknowledgement;
  private final Object turn = new Object();
  private boolean slotIsSame;
  private volatile boolean stopped;

  Delivery(
      SlotGuard slot,
      Lsn confirmed,
      ChangeListener listener,
      RecordReader reader,
      Acknowledgement acknowledgement) {
    this.slot = slot;
    this.confirmed = confirmed;
    this.listener = listener;
    this.reader = reader;
    this.acknowledgement = acknowledgement;
  }

  @Override
  public void handleBatch(
      List<ChangeEvent<SourceRecord, SourceRecord>> batch,
      RecordCommitter<ChangeEvent<SourceRecord, SourceRecord>> committer)
      throws InterruptedException {
    if (!slotIsSame && !stopped) {
      requireSameSlot();
    }
    for (ChangeEvent<SourceRecord, SourceRecord> event : batch) {
      awaitReady();
      if (!deliver(event.value())) {
        return;
      }
    }
    acknowledgement.pass(batch.get(batch.size() - 1), committer);
  }

  @Override
  public boolean supportsTombstoneEvents() {
    return false;
  }

  /** Waits for the listener call in progress, if any; there is none afterwards. */
  void stop() {
    stopped = true;
    synchronized (turn) {
      // INVARIANT: whoever has the turn later sees that it is stopped
      turn.notifyAll();
    }
  }

  private void requireSameSlot() {
    try {
      slot.requireSame(confirmed);
      slotIsSame = true;
    } catch (SQLException e) {
      throw Failures.failed("looking at the replication slot", e);
    }
  }

  private void awaitReady() throws InterruptedException {
    while (!stopped && !listener.ready()) {
      LockSupport.parkNanos(PAUSE_NANOS);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private boolean deliver(SourceRecord message) {
    synchronized (turn) {
      if (stopped) {
        return false;
      }
      reader.read(message);
      return true;
    }
  }
}
