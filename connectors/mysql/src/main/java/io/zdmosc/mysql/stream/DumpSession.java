package io.zdmosc.mysql.stream;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import io.zdmosc.mysql.stream.wire.DumpRequest;
import io.zdmosc.mysql.stream.wire.LogSource;
import io.zdmosc.mysql.stream.wire.Packet;
import java.io.IOException;
import java.sql.SQLException;
import java.util.UUID;

/**
 * A connection over which the server sends its log. For one thread.
 *
 * <p>The server sends five heartbeats a second while it has nothing else to send, so a connection
 * that is silent for long is dead. A full buffer does not end it: the server waits for an hour.
 */
final class DumpSession implements AutoCloseable {
  private static final int SILENCE_MILLIS = 60_000;
  private static final int SERVER_PATIENCE_SECONDS = 3_600;
  private static final long HEARTBEAT_NANOS = 200_000_000;
  private static final int ERROR = 0xFF;
  private static final int END = 0xFE;

  private final Session session;
  private final Packet packet = new Packet();
  private LogSource source;

  /**
   * Opens the connection.
   *
   * @param readerId tells us from every other reader: the server ends an older reader of the same
   *     id
   * @throws MigrationFailedException when it is another server
   */
  DumpSession(SessionFactory sessions, ServerIdentity expected, UUID readerId) throws SQLException {
    session = LogSession.open(sessions);
    try {
      requireSame(expected);
      introduce(readerId);
    } catch (SQLException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private void requireSame(ServerIdentity expected) throws SQLException {
    ServerIdentity present = ServerIdentity.of(session);
    if (!present.equals(expected)) {
      throw MigrationFailedException.changesLost(
          ("Behind the address there is another server now (%s instead of %s), with another binary log:"
                  + " a place in the log of the one means nothing in that of the other, and zdm-osc"
                  + " does not look for it by GTID.")
              .formatted(present.text(), expected.text()),
          "The source table is as this server has it. What the migration had built came here by"
              + " replication, and is removed.",
          "Run the migration again, on this server.");
    }
  }

  /** Says what a replica says before it asks for the log; each server knows its own words. */
  private void introduce(UUID readerId) throws SQLException {
    String variables =
        "SET @master_binlog_checksum = @@GLOBAL.binlog_checksum,"
            + " @source_binlog_checksum = @@GLOBAL.binlog_checksum,"
            + " @master_heartbeat_period = %1$d, @source_heartbeat_period = %1$d,"
            + " @slave_uuid = '%2$s', @replica_uuid = '%2$s', @mariadb_slave_capability = 4";
    session.execute(variables.formatted(HEARTBEAT_NANOS, readerId));
    session.execute("SET SESSION net_write_timeout = " + SERVER_PATIENCE_SECONDS);
    session.connection().setNetworkTimeout(Runnable::run, SILENCE_MILLIS);
  }

  /** For questions before {@link #begin}. */
  Session session() {
    return session;
  }

  /** True when the server writes checksums at present. */
  boolean hasChecksums() throws SQLException {
    return session
        .text("SELECT @@GLOBAL.binlog_checksum")
        .filter("NONE"::equalsIgnoreCase)
        .isEmpty();
  }

  /** Makes the server send its log. */
  void begin(BinlogPosition from, long serverId) throws SQLException {
    source =
        LogSource.open(session.connection(), new DumpRequest(from.file(), from.offset(), serverId));
  }

  /**
   * Reads the next event, waiting for it, and hands it to the reader.
   *
   * @throws SQLException when the connection is lost
   * @throws MigrationFailedException when the server does not send, and says why
   */
  void next(LogReader reader) throws SQLException {
    boolean complete = receive(reader);
    if (packet.begin() == packet.end()) {
      throw new SQLException("the server sent an empty packet");
    }
    int status = packet.buffer()[packet.begin()] & 0xFF;
    if (status == ERROR) {
      throw ServerRefusal.of(packet);
    }
    if (status == END) {
      throw new SQLException("the server ended the log");
    }
    if (complete) {
      reader.read(packet.buffer(), packet.begin() + 1, packet.end());
    } else {
      reader.skip(packet.buffer(), packet.begin() + 1, packet.end());
    }
  }

  /** False when the rest of a large foreign event was left out. */
  private boolean receive(LogReader reader) throws SQLException {
    boolean[] complete = {true};
    try {
      source.next(
          packet,
          start -> {
            complete[0] = !reader.isForeign(start.buffer(), start.begin() + 1, start.end());
            return complete[0];
          });
    } catch (IOException e) {
      throw new SQLException("the connection broke off: " + e.getMessage(), e);
    }
    return complete[0];
  }

  /** Hangs up: the server notices when it sends the next heartbeat. */
  @Override
  public void close() {
    try {
      session.connection().abort(Runnable::run);
    } catch (SQLException e) {
      return; // then it is closed already
    } finally {
      session.close();
    }
  }
}
