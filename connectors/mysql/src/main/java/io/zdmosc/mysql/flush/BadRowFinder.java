package io.zdmosc.mysql.flush;

import io.zdmosc.engine.badrow.BadRow;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyRange;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Failures;
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
  private final RefusedValue values;
  private final Predicate<SQLException> isBad;

  /**
   * @param session not in a transaction
   * @param isBad tells the errors of the rows that are looked for
   */
  public BadRowFinder(
      Session session, Working working, KeyTable table, Predicate<SQLException> isBad)
      throws SQLException {
    this.session = session;
    this.working = working;
    this.keys = working.keys();
    this.statements = new FlushStatements(session, working, table);
    this.values = new RefusedValue(session, working, table);
    this.isBad = isBad;
  }

  /** One such row; empty when it has gone meanwhile or cannot be found. */
  public Optional<BadRow> find(KeyRange range) {
    try {
      return find(keysOf(range));
    } catch (SQLException e) {
      return Optional.empty(); // the first error is the one to report
    }
  }

  /** One such row among these; empty when it has gone meanwhile or cannot be found. */
  public Optional<BadRow> find(List<Key> all) {
    try {
      return BadRow.search(all, this::refusal);
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

  private Optional<String> refusal(List<Key> some) throws SQLException {
    SQLException error = error(some);
    if (error == null) {
      return Optional.empty();
    }
    String value = some.size() == 1 ? values.of(some.get(0), error) : "";
    return Optional.of(Failures.words(error) + value);
  }

  private SQLException error(List<Key> some) throws SQLException {
    session.connection().setAutoCommit(false);
    try {
      statements.replace(some);
      return null;
    } catch (SQLException e) {
      if (!isBad.test(e)) {
        throw e;
      }
      return e;
    } finally {
      session.connection().rollback();
      session.connection().setAutoCommit(true);
    }
  }
}
