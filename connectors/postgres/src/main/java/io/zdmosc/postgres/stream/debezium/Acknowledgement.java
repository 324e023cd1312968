package io.zdmosc.postgres.stream.debezium;

import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine.Offsets;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.zdmosc.postgres.stream.Lsn;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Hands the acknowledged position to Debezium, which tells the server.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>Debezium's offset store never holds anything but an acknowledged position: {@link
 *       RecordCommitter#markProcessed} is called here only, and with an offset of our own.
 *   <li>Debezium confirms the {@code lsn_commit} of that offset and nothing else, provided that
 *       {@code lsn.flush.mode} is {@code connector}.
 * </ul>
 *
 * {@link #set} may be called by any thread, {@link #pass} by the thread that handles batches.
 */
final class Acknowledgement {
  private static final long INTERVAL_NANOS = 500_000_000;

  private volatile Lsn position = new Lsn(0);
  private long passedNanos = System.nanoTime() - INTERVAL_NANOS;

  void set(Lsn acknowledged) {
    position = acknowledged;
  }

  /**
   * Passes the position on, at most every half second. It is repeated when it has not changed,
   * since Debezium ignores what comes before the first message of the server.
   *
   * @param carrier any record: it names the partition that the offset belongs to
   */
  void pass(
      ChangeEvent<SourceRecord, SourceRecord> carrier,
      RecordCommitter<ChangeEvent<SourceRecord, SourceRecord>> committer)
      throws InterruptedException {
    Lsn acknowledged = position;
    if (acknowledged.value() == 0 || System.nanoTime() - passedNanos < INTERVAL_NANOS) {
      return;
    }
    Offsets offset = committer.buildOffsets();
    offset.set("lsn", acknowledged.value());
    offset.set("lsn_proc", acknowledged.value());
    offset.set("lsn_commit", acknowledged.value());
    committer.markProcessed(carrier, offset);
    committer.markBatchFinished();
    passedNanos = System.nanoTime();
  }
}
