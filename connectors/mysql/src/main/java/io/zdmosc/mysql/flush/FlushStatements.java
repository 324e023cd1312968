package io.zdmosc.mysql.flush;

import io.zdmosc.engine.spi.FlushResult;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.KeyTable;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Replaces shadow rows by the transformed source rows of the same keys, in the caller's
 * transaction.
 */
public final class FlushStatements {
  /**
   * So many keys are tried together: where some meet others, most of these small statements succeed
   * at once.
   */
  private static final int PIECE = 64;

  private final Session session;
  private final KeyTable table;
  private final String delete;
  private final String present;
  private final String into;
  private final String joined;
  private final String skipLocked;
  private final boolean sameKeys;
  private final Optional<StagedRows> staged;

  /** Only on the way back: the way there fills in every column for each row. */
  private final Optional<KeptColumns> kept;

  /** Makes temporary tables; the session is not in a transaction. */
  public FlushStatements(Session session, Working working, KeyTable table) throws SQLException {
    this.session = session;
    this.staged = working.back() ? Optional.empty() : StagedRows.of(session, working, table);
    this.table = table;
    this.delete =
        "DELETE zdm_s FROM "
            + table.shadowKeys()
            + " STRAIGHT_JOIN "
            + working.shadowSql()
            + " AS zdm_s ON "
            + table.onShadow(KeyTable.KEYS);
    this.sameKeys = working.identity().isSame();
    this.skipLocked =
        session.server().mariaDb() ? " LOCK IN SHARE MODE SKIP LOCKED" : " FOR SHARE SKIP LOCKED";
    this.joined = " STRAIGHT_JOIN " + working.sourceAliased() + " ON " + table.onSource();
    this.present =
        "SELECT "
            + KeyTable.KEYS
            + ".n FROM "
            + table.shadowKeys()
            + " STRAIGHT_JOIN "
            + working.shadowSql()
            + " AS zdm_s ON "
            + table.onShadow(KeyTable.KEYS);
    this.into = working.insertSelect();
    this.kept =
        !working.back() || working.spec().kept().isEmpty()
            ? Optional.empty()
            : Optional.of(new KeptColumns(session, working, table));
  }

  /** Replaces the rows of all keys; throws the server's error when any of them meets another. */
  public long replace(List<Key> keys) throws SQLException {
    table.fill(keys);
    if (kept.isPresent()) {
      return kept.get().replace(delete);
    }
    if (staged.isPresent()) {
      try {
        return staged.get().write();
      } catch (SQLException e) {
        if (!Failures.isBadData(e) && !Failures.isUniqueConflict(e)) {
          throw e;
        }
        // rows that exchanged unique values do not meet once both are gone; and what is wrong with
        // a value is said by the statement that writes the shadow
      }
    }
    session.execute(delete);
    return session.execute(into + table.distinctKeys() + joined);
  }

  /**
   * Replaces what can be replaced. A key whose row meets another shadow row is left without a row
   * and reported; it comes again when the other row's own change has been flushed.
   */
  public FlushResult replaceAround(List<Key> asked) throws SQLException {
    List<Key> keys = asked.stream().distinct().toList();
    table.fill(keys);
    session.execute(delete);
    List<FlushResult.Conflict> conflicts = new ArrayList<>();
    long rows = 0;
    for (int from = 0; from < keys.size(); from += PIECE) {
      rows += insertHalving(keys, from, Math.min(keys.size(), from + PIECE), conflicts);
    }
    return new FlushResult(rows, withoutRow(conflicts));
  }

  /**
   * What was refused because its row had been written under another spelling of its key is written.
   * Where keys are converted this cannot be said: two rows may have become one.
   */
  private List<FlushResult.Conflict> withoutRow(List<FlushResult.Conflict> refused)
      throws SQLException {
    if (refused.isEmpty() || !sameKeys) {
      return refused;
    }
    table.fill(refused.stream().map(FlushResult.Conflict::key).toList());
    Set<Integer> written = new HashSet<>(session.read(present, row -> row.getInt(1) - 1));
    return IntStream.range(0, refused.size())
        .filter(i -> !written.contains(i))
        .mapToObj(refused::get)
        .toList();
  }

  /** The keys are in the table, numbered from 1. */
  private long insertHalving(List<Key> keys, int from, int to, List<FlushResult.Conflict> conflicts)
      throws SQLException {
    session.mark();
    try {
      return session.execute(into + table.distinctKeys(from + 1, to) + joined);
    } catch (SQLException e) {
      if (!Failures.isUniqueConflict(e)) {
        throw e;
      }
      session.backToMark();
      if (to - from == 1) {
        conflicts.add(new FlushResult.Conflict(keys.get(from), Failures.words(e)));
        return 0;
      }
      int middle = (from + to) >>> 1;
      return insertHalving(keys, from, middle, conflicts)
          + insertHalving(keys, middle, to, conflicts);
    }
  }

  /**
   * Keeps source rows of these keys from changing until the transaction ends; those that somebody
   * has locked are passed over, so that nobody is waited for.
   *
   * @return the keys whose rows are locked now
   */
  List<Key> lock(List<Key> keys) throws SQLException {
    table.fill(keys);
    String rows = table.keys() + joined + skipLocked;
    return session.read(
        "SELECT " + KeyTable.KEYS + ".n FROM " + rows, row -> keys.get(row.getInt(1) - 1));
  }
}
