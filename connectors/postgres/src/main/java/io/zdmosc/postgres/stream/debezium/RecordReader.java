package io.zdmosc.postgres.stream.debezium;

import io.zdmosc.engine.spi.ChangeListener;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.postgres.stream.Lsn;
import io.zdmosc.postgres.stream.PgTransaction;
import io.zdmosc.postgres.stream.StreamSettings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Reads Debezium's records and tells the listener.
 *
 * <p>Debezium does not deliver where a transaction commits. What it delivers with each record is
 * {@code lsn_commit}, the end of the commit before it. That is the position given to the
 * transaction: every earlier commit lies before it, this one's commit record does not, so
 * acknowledging it keeps the transaction and all that follow.
 *
 * <p>Keys are taken from the rows before and after the change and not from the record's own key,
 * which is made of the primary key even where the identity is another index. Not thread-safe.
 */
final class RecordReader {
  private final List<String> keyColumns;
  private final ChangeListener listener;
  private Lsn committed;
  private PgTransaction transaction;

  /**
   * Creates a reader.
   *
   * @param confirmed what the slot had confirmed when the stream began
   */
  RecordReader(List<String> keyColumns, Lsn confirmed, ChangeListener listener) {
    this.keyColumns = keyColumns;
    this.committed = confirmed;
    this.listener = listener;
  }

  void read(SourceRecord message) {
    Map<String, ?> offset = message.sourceOffset();
    progress((Long) offset.get("lsn_commit"));
    Struct value = (Struct) message.value();
    if (value.schema().field("op") == null) {
      return; // a heartbeat: it carries its offset and nothing else
    }
    switch (value.getString("op")) {
      case "c" -> changed(key(value, "after"), offset);
      case "d" -> changed(key(value, "before"), offset);
      case "u" -> update(value, offset);
      case "t" -> listener.onTruncate();
      case "m" -> message(value.getStruct("message"));
      default ->
          throw new IllegalStateException("unknown operation in the change stream: " + value);
    }
  }

  /** All commits before the end of the last one have been delivered. */
  private void progress(Long lastCommitEnd) {
    if (lastCommitEnd != null && Long.compareUnsigned(lastCommitEnd, committed.value()) > 0) {
      committed = new Lsn(lastCommitEnd);
      transaction = null;
      listener.onProgress(committed);
    }
  }

  private void update(Struct value, Map<String, ?> offset) {
    Key after = key(value, "after");
    changed(after, offset);
    if (value.getStruct("before") != null) {
      Key before = key(value, "before");
      if (!before.equals(after)) {
        changed(before, offset);
      }
    }
  }

  private void changed(Key key, Map<String, ?> offset) {
    if (transaction == null) {
      transaction = transaction(offset);
    }
    listener.onChange(key, transaction);
  }

  private PgTransaction transaction(Map<String, ?> offset) {
    long commitMicros = (Long) offset.get("ts_usec");
    return new PgTransaction(
        (Long) offset.get("txId"), committed, Instant.EPOCH.plus(commitMicros, ChronoUnit.MICROS));
  }

  private Key key(Struct value, String side) {
    Struct row = value.getStruct(side);
    String[] key = new String[keyColumns.size()];
    for (int i = 0; i < key.length; i++) {
      key[i] = row == null ? null : (String) row.getWithoutDefault(keyColumns.get(i));
      if (key[i] == null) {
        throw new IllegalStateException(
            "the change stream delivered key column " + keyColumns.get(i) + " without a value");
      }
    }
    return Key.of(key);
  }

  private void message(Struct message) {
    if (StreamSettings.FENCE_PREFIX.equals(message.getString("prefix"))) {
      ByteBuffer content = ByteBuffer.wrap(message.getBytes("content"));
      listener.onFence(StandardCharsets.UTF_8.decode(content).toString());
    }
  }
}
