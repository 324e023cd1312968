package io.zdmosc.mysql.flush;

import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyRange;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.KeySql;
import io.zdmosc.mysql.sql.KeyTable;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Finds the row that the shadow table refuses, by halving; nothing stays written. */
public final class BadRowFinder {
  private static final int MOST_KEYS = 300_000;

  private final Session session;
  private final Working working;
  private final KeySql keys;
  private final FlushStatements statements;
  private final Predicate<SQLException> isBad;

  /**
   * @param session not in a transaction
   * @param isBad tells the errors of the rows that are looked for
   */
  public BadRowFinder(
      Session session, Working working, KeyTable table, Predicate<SQLException> isBad) {
    this.session = session;
    this.working = working;
    this.keys = working.keys();
    this.statements = new FlushStatements(session, working, table);
    this.isBad = isBad;
  }

  /** The key of one such row; empty when it has gone meanwhile or cannot be found. */
  public Optional<Key> find(KeyRange range) {
    try {
      return find(keysOf(range));
    } catch (SQLException e) {
      return Optional.empty(); // the first error is the one to report
    }
  }

  /** The key of one such row among these; empty when it has gone meanwhile. */
  public Optional<Key> find(List<Key> all) {
    try {
      List<Key> candidates = all;
      while (candidates.size() > 1) {
        List<Key> half = candidates.subList(0, candidates.size() / 2);
        candidates = fails(half) ? half : candidates.subList(half.size(), candidates.size());
      }
      return candidates.isEmpty() || !fails(candidates)
          ? Optional.empty()
          : Optional.of(candidates.get(0));
    } catch (SQLException e) {
      return Optional.empty(); // the first error is the one to report
    }
  }

  private List<Key> keysOf(KeyRange range) throws SQLException {
    return session.read(
        "SELECT "
            + keys.sourceTexts(KeySql.SOURCE)
            + " FROM "
            + working.sourceByIndex()
            + " WHERE "
            + keys.sourceRange(range, KeySql.SOURCE)
            + " ORDER BY "
            + keys.orderBy(KeySql.SOURCE)
            + " LIMIT "
            + MOST_KEYS,
        keys::read);
  }

  private boolean fails(List<Key> some) throws SQLException {
    session.connection().setAutoCommit(false);
    try {
      statements.replace(some);
      return false;
    } catch (SQLException e) {
      if (!isBad.test(e)) {
        throw e;
      }
      return true;
    } finally {
      session.connection().rollback();
      session.connection().setAutoCommit(true);
    }
  }
}
