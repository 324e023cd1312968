package io.zdmosc.mysql.stream;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.mysql.stream.wire.Packet;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Set;

/** Reads an error packet: a number, a state behind a mark, and words. */
final class ServerRefusal {
  private static final int CANNOT_READ_LOG = 1236;

  /** Shutdown, a killed connection, and what the server says of broken networks. */
  private static final Set<Integer> PASSING =
      Set.of(
          1053, 1077, 1079, 1152, 1153, 1154, 1155, 1156, 1157, 1158, 1159, 1160, 1161, 1184, 1317);

  private ServerRefusal() {}

  /**
   * What the server says.
   *
   * @return a failure after which another connection may succeed
   * @throws MigrationFailedException when another connection would fare no better
   */
  static SQLException of(Packet packet) {
    byte[] buffer = packet.buffer();
    int at = packet.begin() + 1;
    int code = (buffer[at] & 0xFF) | (buffer[at + 1] & 0xFF) << 8;
    at += 2;
    if (buffer[at] == '#') {
      at += 6;
    }
    String words = new String(buffer, at, packet.end() - at, StandardCharsets.UTF_8);
    if (PASSING.contains(code)) {
      return new SQLException(words, "08S01", code);
    }
    String message = "The server does not send its binary log: " + words + " (error " + code + ")";
    String state = "The source table is untouched.";
    if (code != CANNOT_READ_LOG) {
      throw new MigrationFailedException(
          message,
          state,
          "See that the user has the right REPLICATION SLAVE, and run the migration again.");
    }
    MigrationFailedException lost =
        MigrationFailedException.changesLost(
            message,
            state,
            "If the log was purged (PURGE BINARY LOGS, binlog_expire_logs_seconds), have it kept"
                + " for longer, and run the migration again.");
    if (TruncatedLog.isMeantBy(words)) {
      return new TruncatedLog(lost);
    }
    throw lost;
  }
}
