package io.zdmosc.postgres.copy;

import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyRange;
import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.KeySql;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Finds the row of a range that the shadow table refuses, by halving; nothing stays written. */
final class BadRowFinder {
  private static final int MOST_KEYS = 300_000;

  private final Session session;
  private final Working working;
  private final KeySql keys;

  BadRowFinder(Session session, Working working) {
    this.session = session;
    this.working = working;
    this.keys = working.keys();
  }

  /** The key of one such row; empty when it has gone meanwhile or cannot be found. */
  Optional<Key> find(KeyRange range) {
    try {
      List<Key> candidates = keysOf(range);
      while (candidates.size() > 1) {
        List<Key> half = candidates.subList(0, candidates.size() / 2);
        candidates = fails(half) ? half : candidates.subList(half.size(), candidates.size());
      }
      return candidates.stream().findFirst().filter(key -> failsQuietly(List.of(key)));
    } catch (SQLException e) {
      return Optional.empty(); // the first error is the one to report
    }
  }

  private List<Key> keysOf(KeyRange range) throws SQLException {
    KeySql.Condition condition = keys.sourceRange(range);
    return session.query(
        "SELECT "
            + keys.sourceTexts()
            + " FROM "
            + working.sourceSql()
            + " AS "
            + keys.alias()
            + " WHERE "
            + condition.sql()
            + " ORDER BY "
            + keys.orderBy()
            + " LIMIT "
            + MOST_KEYS,
        keys::read,
        condition.parameters().toArray());
  }

  private boolean failsQuietly(List<Key> some) {
    try {
      return fails(some);
    } catch (SQLException e) {
      return false;
    }
  }

  private boolean fails(List<Key> some) throws SQLException {
    session.connection().setAutoCommit(false);
    try {
      session.update(working.insertSelect() + keys.sourceIn(), keys.arrays(some).toArray());
      return false;
    } catch (SQLException e) {
      if (!Failures.isBadData(e)) {
        throw e;
      }
      return true;
    } finally {
      session.connection().rollback();
      session.connection().setAutoCommit(true);
    }
  }
}
