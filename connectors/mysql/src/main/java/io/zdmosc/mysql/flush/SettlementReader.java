package io.zdmosc.mysql.flush;

import io.zdmosc.engine.spi.Settlement;
import io.zdmosc.engine.spi.SourceTransaction;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.stream.BinlogPosition;
import io.zdmosc.mysql.stream.BinlogTransaction;
import io.zdmosc.mysql.stream.LogStart;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Asks which commits are visible.
 *
 * <p>A transaction is written to the binary log first and committed in the storage engine after
 * that; under semi-synchronous replication a replica's acknowledgement lies between the two. So
 * that a transaction came out of the log does not mean that it can be read.
 *
 * <ul>
 *   <li>MySQL with GTIDs: a transaction enters {@code gtid_executed} after the engine's commit.
 *   <li>MariaDB: {@code START TRANSACTION WITH CONSISTENT SNAPSHOT} gives the place in the log to
 *       which its read view corresponds; both are taken under the lock under which commits become
 *       visible.
 *   <li>MySQL without GTIDs: the place to which the log is written is noted, then a transaction of
 *       our own is committed. With {@code binlog_order_commits} the engine commits in the order of
 *       the log, so when ours has returned, all before the noted place are visible.
 * </ul>
 *
 * <p>Transactions prepared by XA are not this class's matter: the stream delivers them when the
 * server has ended them.
 */
abstract class SettlementReader {
  final Session session;

  private SettlementReader(Session session) {
    this.session = session;
  }

  /** The way that this server has. */
  static SettlementReader of(Session session, long migrationId) throws SQLException {
    if (session.server().mariaDb()) {
      return new BySnapshot(session);
    }
    boolean gtids = session.variable("gtid_mode").filter("ON"::equalsIgnoreCase).isPresent();
    return gtids ? new ByGtids(session) : new ByOwnCommit(session, migrationId);
  }

  abstract Settlement read() throws SQLException;

  /** What lies before a place in the log is visible. */
  private record Before(BinlogPosition end) implements Settlement {
    @Override
    public boolean contains(SourceTransaction transaction) {
      return ((BinlogTransaction) transaction).position().compareTo(end) < 0;
    }
  }

  private record Executed(GtidSet gtids) implements Settlement {
    @Override
    public boolean contains(SourceTransaction transaction) {
      return gtids.contains(((BinlogTransaction) transaction).gtid());
    }
  }

  private static final class ByGtids extends SettlementReader {
    ByGtids(Session session) {
      super(session);
    }

    @Override
    Settlement read() throws SQLException {
      return new Executed(
          GtidSet.parse(session.text("SELECT @@GLOBAL.gtid_executed").orElseThrow()));
    }
  }

  private static final class BySnapshot extends SettlementReader {
    BySnapshot(Session session) {
      super(session);
    }

    @Override
    Settlement read() throws SQLException {
      session.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
      session.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT");
      try {
        Map<String, String> status = new HashMap<>();
        session
            .read(
                "SHOW STATUS LIKE 'binlog_snapshot%'",
                row -> Map.entry(row.getString(1).toLowerCase(Locale.ROOT), row.getString(2)))
            .forEach(entry -> status.put(entry.getKey(), entry.getValue()));
        return new Before(
            BinlogPosition.of(
                status.get("binlog_snapshot_file"),
                Long.parseLong(status.get("binlog_snapshot_position"))));
      } finally {
        session.execute("COMMIT");
      }
    }
  }

  private static final class ByOwnCommit extends SettlementReader {
    private final long migrationId;

    ByOwnCommit(Session session, long migrationId) {
      super(session);
      this.migrationId = migrationId;
    }

    @Override
    Settlement read() throws SQLException {
      BinlogPosition end = LogStart.position(session);
      session.execute(
          "UPDATE zdm_osc.migration SET updated_at = GREATEST(CURRENT_TIMESTAMP(6),"
              + " updated_at + INTERVAL 1 MICROSECOND) WHERE id = "
              + migrationId);
      return new Before(end);
    }
  }
}
