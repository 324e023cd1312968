package io.zdmosc.mysql.stream;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.stream.event.Xid;
import io.zdmosc.mysql.stream.wire.DumpRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Where a migration begins to read the log.
 *
 * <p>What stands in the log before {@code position} does not come out of the stream, so it must be
 * visible to every read of the migration. {@link #note} sees to that.
 *
 * @param position where the first event of the stream stands
 * @param readsFrom no read of the migration is older than this place
 * @param server the server that the positions are of
 * @param xaAwaited true when no XA transaction can commit that was prepared before the migration
 * @param begun when the file of {@code position} was begun, where that is known
 */
public record LogStart(
    BinlogPosition position,
    BinlogPosition readsFrom,
    ServerIdentity server,
    boolean xaAwaited,
    Optional<Long> begun) {
  /** Behind every place. */
  private static final BinlogPosition NEVER =
      new BinlogPosition("", Long.MAX_VALUE, Long.MAX_VALUE);

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final long PAUSE_NANOS = 100_000_000;

  /**
   * Notes the end of the log, and returns when everything before it can be read.
   *
   * <p>Two kinds of transactions can stand before it and still be invisible. One has written its
   * events, but its commit is on the way between log and engine: a commit of our own waits for it.
   * The other is an XA transaction that is only prepared: for those this waits until they have
   * ended.
   *
   * @throws MigrationFailedException when a prepared XA transaction does not end in five minutes
   * @throws SQLException when the server does not tell its position: the right REPLICATION CLIENT
   *     (BINLOG MONITOR on MariaDB) is needed
   */
  public static LogStart note(Session session, FenceWriter fences) throws SQLException {
    ServerIdentity server = ServerIdentity.of(session);
    BinlogPosition position = requestablePosition(session);
    boolean allEnded = awaitPrepared(session);
    fences.passCommits();
    return new LogStart(position, position(session), server, allEnded, Optional.empty());
  }

  /**
   * The end of the log at the moment at which nobody can write to the table, for the stream of the
   * table that takes its name. A prepared transaction with rows of the table would hold the lock
   * off, or the swap; so whatever is prepared by then has none.
   */
  public static LogStart atTurn(Session session) throws SQLException {
    BinlogPosition position = position(session);
    if (position.offset() >= DumpRequest.OFFSET_LIMIT) {
      throw new SQLException(
          "the binary log stands at " + position + ", where no reader can begin");
    }
    return new LogStart(position, NEVER, ServerIdentity.of(session), true, Optional.empty());
  }

  /**
   * Where a later process goes on. The stream never acknowledges what lies behind the place at
   * which an XA transaction with rows of the table was prepared and has not ended. So whatever was
   * prepared before has no such rows, unless it was prepared before the migration began.
   */
  public LogStart later(DurablePosition.Place place) {
    return new LogStart(
        place.position(),
        xaAwaited ? NEVER : readsFrom,
        server,
        xaAwaited,
        Optional.of(place.begun()));
  }

  /** The end of the log at present. */
  public static BinlogPosition position(Session session) throws SQLException {
    boolean renamed = session.server().isMySqlSince(80_200);
    return position(session, renamed ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS");
  }

  private static BinlogPosition position(Session session, String sql) throws SQLException {
    try (Statement statement = session.connection().createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      if (!row.next()) {
        throw new SQLException("the server writes no binary log (log_bin is off)");
      }
      return BinlogPosition.of(row.getString(1), row.getLong(2));
    }
  }

  /** Behind 4 GiB only the end of one huge transaction lies: the server is about to rotate. */
  private static BinlogPosition requestablePosition(Session session) throws SQLException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    BinlogPosition position = position(session);
    while (position.offset() >= DumpRequest.OFFSET_LIMIT) {
      if (System.nanoTime() - deadline > 0) {
        throw new MigrationFailedException(
            "The binary log stays at " + position + ", where no reader can begin.",
            "Nothing was touched.",
            "FLUSH BINARY LOGS, and run the migration again.");
      }
      LockSupport.parkNanos(PAUSE_NANOS);
      position = position(session);
    }
    return position;
  }

  /** False when it cannot be told which there are. */
  private static boolean awaitPrepared(Session session) throws SQLException {
    Set<Xid> before;
    try {
      before = XaList.read(session);
    } catch (SQLException e) {
      return false; // without the right to ask, the commit of such a transaction ends the stream
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!before.isEmpty()) {
      if (System.nanoTime() - deadline > 0) {
        throw new MigrationFailedException(
            "XA transaction(s) prepared before the migration began have not ended: " + before,
            "Nothing was touched.",
            "Commit them or roll them back (XA RECOVER lists them), and run the migration again.");
      }
      LockSupport.parkNanos(PAUSE_NANOS);
      before.retainAll(XaList.read(session));
    }
    return true;
  }
}
