package io.zdmosc.postgres.verify;

import io.zdmosc.engine.badrow.BadRow;
import io.zdmosc.engine.spi.Difference;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyRange;
import io.zdmosc.engine.spi.RangeComparison;
import io.zdmosc.engine.spi.RangeVerifier;
import io.zdmosc.postgres.flush.BadRowFinder;
import io.zdmosc.postgres.flush.FlushStatements;
import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.KeySql;
import io.zdmosc.postgres.sql.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Compares ranges in single statements, each of which reads both tables in one snapshot.
 *
 * <p>Where the change keeps the order of keys, a range of the source is a range of the shadow, and
 * extra rows show in it. Where it does not, the shadow's rows are looked up by the transformed keys
 * of the source's rows, and rows that belong to no source row are found by {@link #unmatched}.
 */
public final class PgRangeVerifier implements RangeVerifier {
  private static final int BATCH = 2_000;

  private final Session session;
  private final Working working;
  private final KeySql keys;
  private final RowHash hash;
  private final JoinedRanges joined;
  private final KeyComparison comparison;
  private final UnmatchedRows unmatchedRows;

  public PgRangeVerifier(Session session, Working working) throws SQLException {
    this.session = session;
    this.working = working;
    this.keys = working.keys();
    this.hash = new RowHash(working, "zdm_s");
    this.joined = new JoinedRanges(working);
    this.comparison = new KeyComparison(session, working);
    this.unmatchedRows = new UnmatchedRows(session, working);
    session.execute(FlushStatements.SETTINGS);
  }

  @Override
  public RangeComparison compare(KeyRange range) {
    KeySql.Condition source = keys.sourceRange(range);
    KeySql.Condition shadow = shadowOf(range);
    try {
      return JoinedRanges.fits(working)
          ? session.transaction(
              () -> {
                session.execute(JoinedRanges.SETTINGS);
                return compare(joined.sql(source, shadow), source, shadow);
              })
          : compare(hashed(source, shadow), source, shadow);
    } catch (SQLException e) {
      throw failure("comparing the rows in " + range, range, e);
    }
  }

  /** A row that the change cannot convert: the stream has not brought it to the flush yet. */
  private RuntimeException failure(String doing, KeyRange range, SQLException e) {
    if (!isBadValue(e)) {
      return Failures.failed(doing, e);
    }
    BadRowFinder badRows = new BadRowFinder(session, working, PgRangeVerifier::isBadValue);
    return BadRow.written(working.sourceSql(), badRows.find(range), e);
  }

  private static boolean isBadValue(SQLException e) {
    return Failures.isBadData(e) && !Failures.isUniqueConflict(e);
  }

  private RangeComparison compare(String sql, KeySql.Condition source, KeySql.Condition shadow)
      throws SQLException {
    return session.first(sql, PgRangeVerifier::comparison, both(source, shadow)).orElseThrow();
  }

  private String hashed(KeySql.Condition source, KeySql.Condition shadow) {
    return "SELECT a.n, b.n, a.h IS NOT DISTINCT FROM b.h FROM (SELECT count(*) AS n, sum("
        + hash.source()
        + ") AS h FROM "
        + working.sourceSql()
        + " AS "
        + keys.alias()
        + " WHERE "
        + source.sql()
        + ") AS a, (SELECT count(*) AS n, sum("
        + hash.shadow()
        + ") AS h FROM "
        + working.shadowSql()
        + " AS zdm_s WHERE "
        + shadow.sql()
        + ") AS b";
  }

  private static RangeComparison comparison(ResultSet row) throws SQLException {
    long sourceRows = row.getLong(1);
    long shadowRows = row.getLong(2);
    return new RangeComparison(
        sourceRows, shadowRows, sourceRows == shadowRows && row.getBoolean(3));
  }

  private KeySql.Condition shadowOf(KeyRange range) {
    if (keys.identity().isOrdered()) {
      return keys.shadowRange(range, "zdm_s");
    }
    KeySql.Condition source = keys.sourceRange(range);
    return new KeySql.Condition(
        keys.shadowOf("zdm_s", working.sourceSql(), source.sql()), source.parameters());
  }

  @Override
  public List<Difference> differences(KeyRange range, int limit) {
    KeySql.Condition source = keys.sourceRange(range);
    // the user's expressions stand where no column of the shadow is in sight
    String missingOrDifferent =
        "SELECT "
            + keys.sourceTexts()
            + " FROM (SELECT "
            + keys.sourceColumns()
            + ", "
            + keys.expressions()
            + ", "
            + hash.source()
            + " AS zdm_h FROM "
            + working.sourceSql()
            + " AS "
            + keys.alias()
            + " WHERE "
            + source.sql()
            + ") AS "
            + keys.alias()
            + " LEFT JOIN "
            + working.shadowSql()
            + " AS zdm_s ON "
            + keys.shadowEquals("zdm_s", keys.alias())
            + " WHERE "
            + keys.alias()
            + ".zdm_h IS DISTINCT FROM CASE WHEN "
            + keys.firstShadowColumn("zdm_s")
            + " IS NOT NULL THEN "
            + hash.shadow()
            + " END LIMIT "
            + limit;
    try {
      List<Difference> found =
          new ArrayList<>(
              session.query(
                  missingOrDifferent,
                  row -> new Difference(keys.read(row), Difference.Kind.DIFFERENT, ""),
                  source.parameters().toArray()));
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
    if (others.isEmpty()) {
      return List.of();
    }
    String sql =
        "SELECT zdm_k.zdm_n FROM (SELECT * FROM "
            + keys.numberedKeyRows()
            + ") AS zdm_k WHERE EXISTS (SELECT FROM "
            + keys.keyRows()
            + " WHERE "
            + keys.sourceEquals("zdm_k")
            + ") ORDER BY 1";
    List<String> parameters = new ArrayList<>(keys.arrays(compared));
    parameters.addAll(keys.arrays(List.copyOf(others)));
    try {
      return session.transaction(
          () -> {
            session.execute("SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on");
            return session.query(sql, row -> compared.get(row.getInt(1) - 1), parameters.toArray());
          });
    } catch (SQLException e) {
      throw Failures.failed("comparing keys with those that changed", e);
    }
  }

  private static Object[] both(KeySql.Condition one, KeySql.Condition other) {
    List<String> all = new ArrayList<>(one.parameters());
    all.addAll(other.parameters());
    return all.toArray();
  }

  @Override
  public void close() {
    session.close();
  }
}
