package io.zdmosc.mysql.stream;

import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Map.Entry;

/**
 * How many bytes of the binary log lie between a place and its end.
 *
 * <p>The server opens every file of its log to tell how large they are, so it is asked only when a
 * file is met whose size is not known yet: one that is complete keeps it. Not thread-safe.
 */
public final class LogVolume {
  private final Session session;
  private final Map<Long, Long> complete = new HashMap<>();

  /**
   * @param session on which to ask; takes REPLICATION CLIENT, on MariaDB BINLOG MONITOR
   */
  public LogVolume(Session session) {
    this.session = session;
  }

  /** The end of the log at present. */
  public BinlogPosition end() throws SQLException {
    return LogStart.position(session);
  }

  /** The bytes from a place up to the end; those of files that are gone do not count. */
  public long since(BinlogPosition from) throws SQLException {
    BinlogPosition end = end();
    long bytes = end.offset();
    for (long file = end.number() - 1; file >= from.number(); file--) {
      if (!complete.containsKey(file)) {
        read(end);
      }
      bytes += complete.computeIfAbsent(file, gone -> 0L);
    }
    return Math.max(0, bytes - from.offset());
  }

  private void read(BinlogPosition end) throws SQLException {
    for (Entry<String, Long> file :
        session.read("SHOW BINARY LOGS", row -> Map.entry(row.getString(1), row.getLong(2)))) {
      long number = BinlogPosition.of(file.getKey(), 0).number();
      if (number < end.number()) {
        complete.put(number, file.getValue());
      }
    }
  }
}
