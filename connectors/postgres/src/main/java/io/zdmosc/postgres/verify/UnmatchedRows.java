package io.zdmosc.postgres.verify;

import io.zdmosc.engine.spi.Difference;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyRange;
import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.KeySql;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of the shadow that no source row leads to, named by the shadow's own keys: there may be no
 * key of the source that would give theirs.
 *
 * <p>They are found by set difference rather than by looking up each row: the source's index cannot
 * serve a key that had to be converted.
 */
public final class UnmatchedRows {
  private static final KeySql.Condition ALL = new KeySql.Condition("true", List.of());

  private final Session session;
  private final Working working;
  private final KeySql keys;

  public UnmatchedRows(Session session, Working working) {
    this.session = session;
    this.working = working;
    this.keys = working.keys();
  }

  /** Those in a range; only where the change keeps the order of keys. */
  List<Difference> in(KeyRange range, int limit) throws SQLException {
    return query(keys.shadowRange(range, "zdm_s"), keys.sourceRange(range), limit);
  }

  /** Those of the whole table. */
  List<Difference> all(int limit) throws SQLException {
    return scanning(() -> query(ALL, ALL, limit));
  }

  /** Those among the given ones. */
  List<Difference> among(List<Key> shadowKeys) throws SQLException {
    KeySql.Condition named = named(shadowKeys);
    KeySql.Condition like = like(shadowKeys);
    return like == ALL
        ? scanning(() -> query(named, like, shadowKeys.size()))
        : query(named, like, shadowKeys.size());
  }

  /** Removes those among the given ones, in the caller's transaction. */
  public void remove(List<Key> shadowKeys) throws SQLException {
    KeySql.Condition named = named(shadowKeys);
    KeySql.Condition like = like(shadowKeys);
    session.execute("SET LOCAL enable_seqscan = on");
    session.update(
        "DELETE FROM "
            + working.shadowSql()
            + " AS zdm_s WHERE ("
            + keys.shadowColumns("zdm_s")
            + ") IN ("
            + difference(named, like)
            + ")",
        both(named, like));
  }

  private KeySql.Condition named(List<Key> shadowKeys) {
    return new KeySql.Condition(keys.shadowHas("zdm_s"), keys.arrays(shadowKeys));
  }

  /** The source rows that may lead to such rows: found by index where keys are what they were. */
  private KeySql.Condition like(List<Key> shadowKeys) {
    return keys.identity().isOrdered()
        ? new KeySql.Condition(keys.sourceHas(), keys.arrays(shadowKeys))
        : ALL;
  }

  private List<Difference> query(KeySql.Condition shadow, KeySql.Condition source, int limit)
      throws SQLException {
    String sql =
        "SELECT "
            + keys.shadowTexts("zdm_e")
            + " FROM ("
            + difference(shadow, source)
            + ") AS zdm_e LIMIT "
            + limit;
    return session.query(
        sql,
        row -> new Difference(keys.read(row), Difference.Kind.EXTRA, ""),
        both(shadow, source));
  }

  private String difference(KeySql.Condition shadow, KeySql.Condition source) {
    return "SELECT "
        + keys.shadowColumns("zdm_s")
        + " FROM "
        + working.shadowSql()
        + " AS zdm_s WHERE "
        + shadow.sql()
        + " EXCEPT SELECT "
        + keys.shadowValues()
        + " FROM "
        + working.sourceSql()
        + " AS "
        + keys.alias()
        + " WHERE "
        + source.sql();
  }

  /** Every row is looked at: here scans are what is wanted. */
  private <T> T scanning(Session.Work<T> work) throws SQLException {
    return session.transaction(
        () -> {
          session.execute("SET LOCAL enable_seqscan = on");
          return work.run();
        });
  }

  private static Object[] both(KeySql.Condition one, KeySql.Condition other) {
    List<String> all = new ArrayList<>(one.parameters());
    all.addAll(other.parameters());
    return all.toArray();
  }
}
