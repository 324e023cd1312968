package io.zdmosc.postgres.stream;

import io.zdmosc.engine.spi.ChangeListener;
import io.zdmosc.engine.spi.Key;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Decodes the messages of the {@code pgoutput} plugin, protocol version 1 in text format, as the
 * server's manual describes them under "Logical Replication Message Formats".
 *
 * <p>Key values stay the text that the server's own output functions wrote. Not thread-safe.
 */
final class PgOutputDecoder {
  private static final Instant POSTGRES_EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  private final long tableOid;
  private final List<String> keyColumnNames;
  private final ChangeListener listener;
  private final Map<Integer, KeyColumns> relations = new HashMap<>();
  private PgTransaction transaction;

  /**
   * @param tableOid of the one table whose changes count
   */
  PgOutputDecoder(long tableOid, List<String> keyColumnNames, ChangeListener listener) {
    this.tableOid = tableOid;
    this.keyColumnNames = keyColumnNames;
    this.listener = listener;
  }

  boolean inTransaction() {
    return transaction != null;
  }

  void decode(ByteBuffer message) {
    char type = (char) message.get();
    switch (type) {
      case 'B' -> begin(message);
      case 'C' -> commit(message);
      case 'R' -> relation(message);
      case 'I' -> insert(message);
      case 'U' -> update(message);
      case 'D' -> delete(message);
      case 'T' -> truncate(message);
      case 'M' -> message(message);
      case 'O', 'Y' -> {} // origin and type carry nothing that we use
      default -> throw new IllegalStateException("unknown message in the change stream: " + type);
    }
  }

  private void begin(ByteBuffer message) {
    Lsn commitStart = new Lsn(message.getLong());
    long micros = message.getLong();
    long xid = Integer.toUnsignedLong(message.getInt());
    transaction =
        new PgTransaction(
            xid,
            commitStart,
            POSTGRES_EPOCH.plusSeconds(micros / 1_000_000).plusNanos(micros % 1_000_000 * 1_000));
  }

  private void commit(ByteBuffer message) {
    message.get(); // flags, unused
    message.getLong(); // where the commit record starts: known from the begin message
    transaction = null;
    listener.onProgress(new Lsn(message.getLong()));
  }

  private void relation(ByteBuffer message) {
    int oid = message.getInt();
    string(message); // schema
    string(message); // table
    message.get(); // replica identity
    int count = message.getShort();
    List<String> columns = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      message.get(); // flags
      columns.add(string(message));
      message.getInt(); // type
      message.getInt(); // type modifier
    }
    if (isFollowed(oid)) {
      relations.put(oid, new KeyColumns(keyColumnNames, columns));
    }
  }

  /** What the publication held before the tables were exchanged may still be in the log. */
  private boolean isFollowed(int oid) {
    return Integer.toUnsignedLong(oid) == tableOid;
  }

  private boolean isOfAnother(ByteBuffer message) {
    return !isFollowed(message.getInt(message.position()));
  }

  private void truncate(ByteBuffer message) {
    int count = message.getInt();
    message.get(); // options
    for (int i = 0; i < count; i++) {
      if (isFollowed(message.getInt())) {
        listener.onTruncate();
      }
    }
  }

  private void insert(ByteBuffer message) {
    if (isOfAnother(message)) {
      return;
    }
    KeyColumns columns = columns(message);
    message.get(); // 'N'
    listener.onChange(columns.key(tuple(message), null), transaction);
  }

  private void update(ByteBuffer message) {
    if (isOfAnother(message)) {
      return;
    }
    KeyColumns columns = columns(message);
    char kind = (char) message.get();
    String[] old = null;
    if (kind == 'K' || kind == 'O') {
      old = tuple(message);
      message.get(); // 'N'
    }
    Key newKey = columns.key(tuple(message), old);
    listener.onChange(newKey, transaction);
    if (old != null) {
      Key oldKey = columns.key(old, null);
      if (!oldKey.equals(newKey)) {
        listener.onChange(oldKey, transaction);
      }
    }
  }

  private void delete(ByteBuffer message) {
    if (isOfAnother(message)) {
      return;
    }
    KeyColumns columns = columns(message);
    message.get(); // 'K' or 'O'
    listener.onChange(columns.key(tuple(message), null), transaction);
  }

  private void message(ByteBuffer message) {
    message.get(); // transactional
    message.getLong(); // where it stands
    String prefix = string(message);
    byte[] content = new byte[message.getInt()];
    message.get(content);
    if (prefix.equals(StreamSettings.FENCE_PREFIX)) {
      listener.onFence(new String(content, StandardCharsets.UTF_8));
    }
  }

  private KeyColumns columns(ByteBuffer message) {
    KeyColumns columns = relations.get(message.getInt());
    if (columns == null) {
      throw new IllegalStateException("the change stream delivered a row of an unknown table");
    }
    return columns;
  }

  /** The values of a tuple; null for NULL and for what is stored out of line and unchanged. */
  private static String[] tuple(ByteBuffer message) {
    String[] values = new String[message.getShort()];
    for (int i = 0; i < values.length; i++) {
      char kind = (char) message.get();
      if (kind == 't') {
        int length = message.getInt();
        values[i] =
            new String(
                message.array(),
                message.arrayOffset() + message.position(),
                length,
                StandardCharsets.UTF_8);
        message.position(message.position() + length);
      }
    }
    return values;
  }

  private static String string(ByteBuffer message) {
    int start = message.position();
    while (message.get() != 0) {
      // to the terminator
    }
    return new String(
        message.array(),
        message.arrayOffset() + start,
        message.position() - 1 - start,
        StandardCharsets.UTF_8);
  }
}
