package io.zdmosc.mysql.plan;

import io.zdmosc.mysql.catalog.TableInfo;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether the server keeps its binary log for as long as a migration may need it.
 *
 * <p>It does not remove the file that a connected reader is at. So this matters when the stream has
 * lost its connection, and is no reason to refuse.
 */
final class LogRetention {
  /** A careful guess, for want of a better one: copy, indexes and comparison together. */
  private static final long BYTES_PER_SECOND = 4L << 20;

  private static final long SHORTEST_SECONDS = 60;

  private final Session session;
  private final TableInfo table;

  LogRetention(Session session, TableInfo table) {
    this.session = session;
    this.table = table;
  }

  List<String> warnings() throws SQLException {
    List<String> warnings = new ArrayList<>();
    long bytes = table.tableBytes() + table.indexBytes();
    long seconds = Math.max(SHORTEST_SECONDS, bytes / BYTES_PER_SECOND);
    Optional<Long> kept = new LogExpiry(session).after().map(Duration::toSeconds);
    if (kept.isPresent() && kept.get() < seconds) {
      warnings.add(
          "the server removes binary logs after %,d s (binlog_expire_logs_seconds), and the migration may take %,d s: should its change stream lose the connection, it could not go on"
              .formatted(kept.get(), seconds));
    }
    // the migration writes the table into the log once
    long most = number("max_binlog_total_size").orElse(0L);
    if (most > 0 && most < 2 * bytes) {
      warnings.add(
          "the server keeps no more than %,d bytes of binary logs (max_binlog_total_size), and the migration writes about %,d: should its change stream lose the connection, it could not go on"
              .formatted(most, table.tableBytes()));
    }
    return warnings;
  }

  private Optional<Long> number(String variable) throws SQLException {
    return session.variable(variable).map(text -> (long) Double.parseDouble(text));
  }
}
