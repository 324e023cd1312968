package io.zdmosc.mysql.flush;

import io.zdmosc.engine.badrow.BadRow;
import io.zdmosc.engine.spi.CopyLayout;
import io.zdmosc.engine.spi.FlushResult;
import io.zdmosc.engine.spi.Flusher;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyLocation;
import io.zdmosc.engine.spi.Settlement;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.KeyTable;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.verify.KeyComparison;
import io.zdmosc.mysql.verify.UnmatchedRows;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Flushes keys, each batch in one READ COMMITTED transaction. */
public final class MySqlFlusher implements Flusher {
  private final Session session;
  private final String source;
  private final boolean back;
  private final SettlementReader settlements;
  private final FlushStatements statements;
  private final CheckedFlush checked;
  private final KeyLocator locator;
  private final BadRowFinder badRows;
  private final UnmatchedRows unmatchedRows;

  /** What met other rows in the last batch will do so in the next: it is not tried at once. */
  private boolean meetsOthers;

  public MySqlFlusher(Session session, Working working) throws SQLException {
    this.session = session;
    this.source = working.sourceSql();
    this.back = working.back();
    KeyTable table = new KeyTable(session, working.identity());
    this.settlements = SettlementReader.of(session, working.migrationId());
    this.statements = new FlushStatements(session, working, table);
    this.checked = new CheckedFlush(statements, new KeyComparison(session, working, table));
    this.locator = new KeyLocator(session, working.keys(), table);
    this.badRows = new BadRowFinder(session, working, table, MySqlFlusher::isBadValue);
    this.unmatchedRows = new UnmatchedRows(session, working, table);
    session.execute("SET SESSION innodb_lock_wait_timeout = 5");
  }

  @Override
  public Settlement settlement() {
    try {
      return settlements.read();
    } catch (SQLException e) {
      throw Failures.failed("asking the server which commits are visible", e);
    }
  }

  @Override
  public List<KeyLocation> locate(List<Key> keys, CopyLayout layout) {
    try {
      return locator.locate(keys, layout);
    } catch (SQLException e) {
      throw Failures.failed("comparing keys with the frontier", e);
    }
  }

  @Override
  public FlushResult flush(List<Key> keys, boolean check) {
    if (keys.isEmpty()) {
      return new FlushResult(0, List.of());
    }
    try {
      if (back) {
        return flushBack(keys, check);
      }
      FlushResult result = meetsOthers ? flush(keys, check, true) : flushAtOnce(keys, check);
      meetsOthers = !result.conflicts().isEmpty();
      return result;
    } catch (SQLException e) {
      throw failure(keys, e);
    }
  }

  /**
   * On the way back rows may be refused for as long as nobody mends them. Such a row stays as it
   * is; each half has a transaction of its own.
   */
  private FlushResult flushBack(List<Key> keys, boolean check) throws SQLException {
    try {
      return flush(keys, check, false);
    } catch (SQLException e) {
      if (!Failures.isBadData(e)) {
        throw e;
      }
      if (keys.size() == 1) {
        return new FlushResult(
            0, List.of(new FlushResult.Conflict(keys.get(0), Failures.words(e))));
      }
      int middle = keys.size() / 2;
      return flushBack(keys.subList(0, middle), check)
          .and(flushBack(keys.subList(middle, keys.size()), check));
    }
  }

  private FlushResult flushAtOnce(List<Key> keys, boolean check) throws SQLException {
    try {
      return flush(keys, check, false);
    } catch (SQLException e) {
      if (Failures.isUniqueConflict(e)) {
        return flush(keys, check, true);
      }
      throw e;
    }
  }

  private FlushResult flush(List<Key> keys, boolean check, boolean around) throws SQLException {
    return session.patientTransaction(() -> write(keys, check, around));
  }

  private FlushResult write(List<Key> keys, boolean check, boolean around) throws SQLException {
    if (check) {
      return checked.run(keys, around);
    }
    return around
        ? statements.replaceAround(keys)
        : new FlushResult(statements.replace(keys), List.of());
  }

  @Override
  public Optional<FlushResult> flushBeside(List<Key> keys, boolean check) {
    if (meetsOthers) {
      return Optional.empty();
    }
    try {
      return Optional.of(session.transaction(() -> write(keys, check, false)));
    } catch (SQLException e) {
      if (Failures.isLockTimeout(e) || Failures.isUniqueConflict(e)) {
        return Optional.empty();
      }
      throw failure(keys, e);
    }
  }

  @Override
  public void removeUnmatched(List<Key> shadowKeys) {
    try {
      session.patientTransaction(
          () -> {
            unmatchedRows.remove(shadowKeys);
            return null;
          });
    } catch (SQLException e) {
      throw Failures.failed("removing rows that the source does not have", e);
    }
  }

  private RuntimeException failure(List<Key> keys, SQLException e) {
    if (isBadValue(e)) {
      return BadRow.written(source, badRows.find(keys), e);
    }
    return Failures.failed("flushing changes into the shadow table", e);
  }

  /** Rows that meet others come again; a value that does not fit never will. */
  private static boolean isBadValue(SQLException e) {
    return Failures.isBadData(e) && !Failures.isUniqueConflict(e);
  }

  @Override
  public void close() {
    session.close();
  }
}
