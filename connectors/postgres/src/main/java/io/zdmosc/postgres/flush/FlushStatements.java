package io.zdmosc.postgres.flush;

import io.zdmosc.engine.spi.FlushResult;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.postgres.shadow.PartitionIndex;
import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.KeySql;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Replaces shadow rows by the transformed source rows of the same keys, in the caller's
 * transaction.
 */
public final class FlushStatements implements RowReplacement {
  /** Keys are few and tables large: the indexes must be used, whatever the statistics say. */
  public static final String SETTINGS =
      "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;"
          + " SET jit = off; SET max_parallel_workers_per_gather = 0";

  /** How many keys of a batch get a reason of their own. */
  private static final int REASONS = 20;

  private final Session session;
  private final KeySql keySql;
  private final String delete;
  private final String insert;
  private final String insertFitting;
  private final String missing;

  public FlushStatements(Session session, Working working) {
    this.session = session;
    this.keySql = working.keys();
    this.delete =
        "DELETE FROM " + working.shadowSql() + " AS zdm_s WHERE " + keySql.shadowIn("zdm_s");
    this.insert = working.insertSelect() + keySql.sourceIn();
    this.insertFitting = fits(working) ? insert + " ON CONFLICT DO NOTHING" : null;
    this.missing =
        "SELECT zdm_n FROM (SELECT *, "
            + keySql.expressions()
            + " FROM "
            + keySql.numberedKeyRows()
            + ") AS zdm_k WHERE EXISTS (SELECT FROM "
            + working.sourceSql()
            + " AS "
            + keySql.alias()
            + " WHERE "
            + keySql.sourceEquals("zdm_k")
            + ") AND NOT EXISTS (SELECT FROM "
            + working.shadowSql()
            + " AS zdm_s WHERE "
            + keySql.shadowEquals("zdm_s", "zdm_k")
            + ") ORDER BY zdm_n";
  }

  /** ON CONFLICT cannot look at constraints that are checked later than at once. */
  private static boolean fits(Working working) {
    return Stream.concat(
            working.spec().indexes().stream(),
            working.spec().partitionIndexes().stream().map(PartitionIndex::index))
        .noneMatch(index -> index.needsConstraintSyntax() && index.deferrable());
  }

  /** Replaces the rows of all keys; throws the server's error when any of them meets another. */
  @Override
  public long replace(List<Key> keys) throws SQLException {
    checkAtOnce();
    Object[] arrays = keySql.arrays(keys).toArray();
    session.update(delete, arrays);
    return session.update(insert, arrays);
  }

  /**
   * Replaces what can be replaced. A key whose row meets another shadow row is left without a row
   * and reported; it comes again when the other row's own change has been flushed.
   */
  @Override
  public FlushResult replaceAround(List<Key> keys) throws SQLException {
    checkAtOnce();
    Object[] arrays = keySql.arrays(keys).toArray();
    session.update(delete, arrays);
    // what is passed over here is looked for right behind: nothing is hidden
    long rows = insertFitting != null ? session.update(insertFitting, arrays) : insertHalving(keys);
    List<FlushResult.Conflict> conflicts = new ArrayList<>();
    String reason = "";
    for (Key key : stuck(keys, arrays)) {
      reason = conflicts.size() < REASONS ? reason(key) : reason;
      conflicts.add(new FlushResult.Conflict(key, reason));
    }
    return new FlushResult(rows, conflicts);
  }

  @Override
  public boolean canGoAround(SQLException e) {
    return Failures.isUniqueConflict(e);
  }

  /** A constraint that is checked at the commit would fail where nobody can flush around it. */
  private void checkAtOnce() throws SQLException {
    if (insertFitting == null) {
      session.execute("SET CONSTRAINTS ALL IMMEDIATE");
    }
  }

  private long insertHalving(List<Key> keys) throws SQLException {
    Savepoint before = session.connection().setSavepoint();
    try {
      long rows = session.update(insert, keySql.arrays(keys).toArray());
      session.connection().releaseSavepoint(before);
      return rows;
    } catch (SQLException e) {
      if (!Failures.isUniqueConflict(e)) {
        throw e;
      }
      session.rollbackTo(before);
      if (keys.size() == 1) {
        return 0;
      }
      int middle = keys.size() / 2;
      return insertHalving(keys.subList(0, middle))
          + insertHalving(keys.subList(middle, keys.size()));
    }
  }

  /** The keys that the source has and the shadow, after the inserts, has not. */
  private List<Key> stuck(List<Key> keys, Object[] arrays) throws SQLException {
    return session.query(missing, row -> keys.get(row.getInt(1) - 1), arrays);
  }

  private String reason(Key key) throws SQLException {
    Savepoint before = session.connection().setSavepoint();
    try {
      session.update(insert, keySql.arrays(List.of(key)).toArray());
      return "meets another row";
    } catch (SQLException e) {
      return e.getMessage();
    } finally {
      session.rollbackTo(before);
    }
  }
}
