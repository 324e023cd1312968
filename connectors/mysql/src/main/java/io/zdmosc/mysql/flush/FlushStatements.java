package io.zdmosc.mysql.flush;

import io.zdmosc.engine.spi.FlushResult;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.KeyTable;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;

/**
 * Replaces shadow rows by the transformed source rows of the same keys, in the caller's
 * transaction.
 */
public final class FlushStatements {
  private final Session session;
  private final KeyTable table;
  private final String delete;
  private final String insert;
  private final String lock;

  public FlushStatements(Session session, Working working, KeyTable table) {
    this.session = session;
    this.table = table;
    this.delete =
        "DELETE zdm_s FROM "
            + table.shadowKeys()
            + " STRAIGHT_JOIN "
            + working.shadowSql()
            + " AS zdm_s ON "
            + table.onShadow(KeyTable.KEYS);
    String fromSource =
        table.distinctKeys()
            + " STRAIGHT_JOIN "
            + working.sourceAliased()
            + " ON "
            + table.onSource();
    this.insert = working.insertSelect() + fromSource;
    this.lock = "SELECT COUNT(*) FROM " + fromSource + " LOCK IN SHARE MODE";
  }

  /** Replaces the rows of all keys; throws the server's error when any of them meets another. */
  public long replace(List<Key> keys) throws SQLException {
    table.fill(keys);
    session.execute(delete);
    return session.execute(insert);
  }

  /**
   * Replaces what can be replaced. A key whose row meets another shadow row is left without a row
   * and reported; it comes again when the other row's own change has been flushed.
   */
  public FlushResult replaceAround(List<Key> keys) throws SQLException {
    table.fill(keys);
    session.execute(delete);
    List<FlushResult.Conflict> conflicts = new ArrayList<>();
    long rows = insertHalving(keys, conflicts);
    return new FlushResult(rows, conflicts);
  }

  private long insertHalving(List<Key> keys, List<FlushResult.Conflict> conflicts)
      throws SQLException {
    Savepoint before = session.connection().setSavepoint();
    try {
      table.fill(keys);
      long rows = session.execute(insert);
      session.connection().releaseSavepoint(before);
      return rows;
    } catch (SQLException e) {
      if (!Failures.isUniqueConflict(e)) {
        throw e;
      }
      session.connection().rollback(before);
      if (keys.size() == 1) {
        conflicts.add(new FlushResult.Conflict(keys.get(0), Failures.words(e)));
        return 0;
      }
      int middle = keys.size() / 2;
      return insertHalving(keys.subList(0, middle), conflicts)
          + insertHalving(keys.subList(middle, keys.size()), conflicts);
    }
  }

  /** Keeps the source rows of these keys from changing until the transaction ends. */
  void lock(List<Key> keys) throws SQLException {
    table.fill(keys);
    session.read(lock, row -> row.getLong(1));
  }
}
