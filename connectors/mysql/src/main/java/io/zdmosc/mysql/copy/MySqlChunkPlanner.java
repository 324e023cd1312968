package io.zdmosc.mysql.copy;

import io.zdmosc.engine.spi.ChunkPlanner;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyRange;
import io.zdmosc.mysql.catalog.TableInfo;
import io.zdmosc.mysql.shadow.KeyColumn;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.KeySql;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.Sql;
import java.math.BigInteger;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds range bounds by walking the identity's index. */
public final class MySqlChunkPlanner implements ChunkPlanner {
  /** A chunk's transaction should fit the binlog caches that servers have, and group commits. */
  private static final long CHUNK_BYTES = 16L << 20;

  private final Session session;
  private final Working working;
  private final KeySql keys;

  public MySqlChunkPlanner(Session session, Working working) {
    this.session = session;
    this.working = working;
    this.keys = working.keys();
  }

  @Override
  public Optional<Key> boundaryAfter(Optional<Key> lower, long rows, Optional<Key> limit) {
    String range =
        keys.sourceRange(new KeyRange(lower.orElse(null), limit.orElse(null)), KeySql.SOURCE);
    try {
      return keyAt(range, rows - 1);
    } catch (SQLException e) {
      throw Failures.failed("looking for the bounds of a chunk", e);
    }
  }

  private Optional<Key> keyAt(String condition, long offset) throws SQLException {
    return session
        .read(
            "SELECT "
                + keys.sourceTexts(KeySql.SOURCE)
                + " FROM "
                + working.sourceByIndex()
                + " WHERE "
                + condition
                + " ORDER BY "
                + keys.orderBy(KeySql.SOURCE)
                + " LIMIT 1 OFFSET "
                + offset,
            keys::read)
        .stream()
        .findFirst();
  }

  @Override
  public List<Key> sample(int count) {
    try {
      KeyColumn first = keys.identity().columns().get(0);
      return first.source().isInteger() && !first.descending() ? byValue(count) : byWalking(count);
    } catch (SQLException e) {
      throw Failures.failed("sampling keys", e);
    }
  }

  /** Where keys begin with a number: at even distances between the least and the greatest. */
  private List<Key> byValue(int count) throws SQLException {
    String column = KeySql.SOURCE + "." + Sql.name(keys.identity().sourceColumns().get(0));
    List<String[]> bounds =
        session.read(
            "SELECT CAST(MIN("
                + column
                + ") AS CHAR), CAST(MAX("
                + column
                + ") AS CHAR) FROM "
                + working.sourceByIndex(),
            row -> new String[] {row.getString(1), row.getString(2)});
    if (bounds.get(0)[0] == null) {
      return List.of();
    }
    BigInteger least = new BigInteger(bounds.get(0)[0]);
    BigInteger width = new BigInteger(bounds.get(0)[1]).subtract(least);
    Set<Key> found = new LinkedHashSet<>();
    for (int i = 1; i <= count; i++) {
      BigInteger at =
          least.add(width.multiply(BigInteger.valueOf(i)).divide(BigInteger.valueOf(count + 1)));
      keyAt(column + " >= " + at, 0).ifPresent(found::add);
    }
    return List.copyOf(found);
  }

  private List<Key> byWalking(int count) throws SQLException {
    long step = Math.max(1, working.source().table().rows() / (count + 1));
    List<Key> found = new ArrayList<>();
    Optional<Key> last = Optional.empty();
    for (int i = 0; i < count; i++) {
      last = boundaryAfter(last, step, Optional.empty());
      if (last.isEmpty()) {
        break;
      }
      found.add(last.get());
    }
    return found;
  }

  @Override
  public long maxRows(int threads) {
    TableInfo table = working.source().table();
    long width = table.rows() == 0 ? 100 : Math.max(30, table.tableBytes() / table.rows());
    return Math.max(200, Math.min(200_000, CHUNK_BYTES / width));
  }

  @Override
  public void close() {
    session.close();
  }
}
