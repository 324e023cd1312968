package io.zdmosc.mysql.verify;

import static io.zdmosc.mysql.sql.Sql.name;

import io.zdmosc.engine.badrow.BadRow;
import io.zdmosc.engine.spi.Difference;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyRange;
import io.zdmosc.engine.spi.RangeComparison;
import io.zdmosc.engine.spi.RangeVerifier;
import io.zdmosc.mysql.flush.BadRowFinder;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.KeySql;
import io.zdmosc.mysql.sql.KeyTable;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Compares ranges row by row, in single statements.
 *
 * <p>Where the change keeps the order of keys, a range of the source is a range of the shadow, and
 * extra rows show in its count. Where it does not, rows that belong to no source row are found by
 * {@link #unmatched}.
 */
public final class MySqlRangeVerifier implements RangeVerifier {
  private static final int BATCH = 2_000;

  private final Session session;
  private final Working working;
  private final KeySql keys;
  private final KeyTable table;
  private final ExpectedRows expected;
  private final RowEquality equality;
  private final KeyComparison comparison;
  private final UnmatchedRows unmatchedRows;
  private final BadRowFinder badRows;
  private final String inShadow;

  public MySqlRangeVerifier(Session session, Working working) throws SQLException {
    this.session = session;
    this.working = working;
    this.keys = working.keys();
    this.table = new KeyTable(session, working.identity());
    this.comparison = new KeyComparison(session, working, table);
    this.expected = new ExpectedRows(session, working);
    this.equality = new RowEquality(expected);
    this.unmatchedRows = new UnmatchedRows(session, working, table);
    this.badRows = new BadRowFinder(session, working, table, MySqlRangeVerifier::isBadValue);
    this.inShadow = "zdm_s." + name(working.identity().shadowColumns().get(0)) + " IS NOT NULL";
  }

  @Override
  public RangeComparison compare(KeyRange range) {
    try {
      String condition = expected.range(range);
      String shadowRows =
          keys.identity().isOrdered()
              ? "(SELECT COUNT(*) FROM "
                  + working.shadowSql()
                  + " AS zdm_c WHERE "
                  + keys.shadowRange(range, "zdm_c")
                  + ")"
              : "zdm_x.matched";
      String sql =
          "SELECT zdm_x.n, zdm_x.matched, COALESCE(zdm_x.differing, 0), "
              + shadowRows
              + " FROM (SELECT COUNT(*) AS n, SUM("
              + inShadow
              + ") AS matched, SUM("
              + inShadow
              + " AND NOT ("
              + equality.condition()
              + ")) AS differing FROM "
              + expected.from()
              + joinedShadow()
              + " WHERE "
              + condition
              + ") AS zdm_x";
      return session
          .read(
              sql,
              row -> {
                long source = row.getLong(1);
                long shadow = row.getLong(4);
                boolean equal = source == row.getLong(2) && row.getLong(3) == 0 && source == shadow;
                return new RangeComparison(source, shadow, equal);
              })
          .get(0);
    } catch (SQLException e) {
      throw failure("comparing the rows in " + range, range, e);
    }
  }

  /** A row that the change cannot convert: the stream has not brought it to the flush yet. */
  private RuntimeException failure(String doing, KeyRange range, SQLException e) {
    return isBadValue(e)
        ? BadRow.written(working.sourceSql(), badRows.find(range), e)
        : Failures.failed(doing, e);
  }

  private static boolean isBadValue(SQLException e) {
    return Failures.isBadData(e) && !Failures.isUniqueConflict(e);
  }

  private String joinedShadow() {
    return " LEFT JOIN " + working.shadowSql() + " AS zdm_s ON " + expected.onShadow();
  }

  @Override
  public List<Difference> differences(KeyRange range, int limit) {
    try {
      String condition = expected.range(range);
      String sql =
          "SELECT "
              + expected.keyTexts()
              + " FROM "
              + expected.from()
              + joinedShadow()
              + " WHERE ("
              + condition
              + ") AND (NOT ("
              + inShadow
              + ") OR NOT ("
              + equality.condition()
              + ")) LIMIT "
              + limit;
      List<Difference> found =
          new ArrayList<>(
              session.read(
                  sql, row -> new Difference(keys.read(row), Difference.Kind.DIFFERENT, "")));
      if (keys.identity().isOrdered() && found.size() < limit) {
        found.addAll(unmatchedRows.in(range, limit - found.size()));
      }
      return found;
    } catch (SQLException e) {
      throw failure("comparing the rows in " + range + " one by one", range, e);
    }
  }

  @Override
  public List<Difference> differences(Collection<Key> compared) {
    List<Key> all = List.copyOf(compared);
    List<Difference> found = new ArrayList<>();
    try {
      for (int from = 0; from < all.size(); from += BATCH) {
        found.addAll(comparison.differences(all.subList(from, Math.min(all.size(), from + BATCH))));
      }
      return found;
    } catch (SQLException e) {
      throw Failures.failed("comparing rows by key", e);
    }
  }

  @Override
  public List<Difference> unmatched(int limit) {
    if (keys.identity().isOrdered()) {
      return List.of();
    }
    try {
      return unmatchedRows.all(limit);
    } catch (SQLException e) {
      throw Failures.failed("looking for rows that the source does not have", e);
    }
  }

  @Override
  public List<Difference> unmatched(Collection<Key> shadowKeys) {
    try {
      return unmatchedRows.among(List.copyOf(shadowKeys));
    } catch (SQLException e) {
      throw Failures.failed("looking for rows that the source does not have", e);
    }
  }

  @Override
  public List<Key> sameRows(List<Key> compared, Collection<Key> others) {
    if (others.isEmpty() || compared.isEmpty()) {
      return List.of();
    }
    try {
      return new SameKeys(session, keys.identity(), table).among(compared, List.copyOf(others));
    } catch (SQLException e) {
      throw Failures.failed("comparing keys with those that changed", e);
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
