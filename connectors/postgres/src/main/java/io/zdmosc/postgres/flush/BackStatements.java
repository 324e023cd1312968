package io.zdmosc.postgres.flush;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.spi.FlushResult;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.postgres.shadow.KeyColumn;
import io.zdmosc.postgres.shadow.MappedColumn;
import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.KeySql;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Replaces rows of the retired table by those of the new one, in the caller's transaction.
 *
 * <p>The retired table may have columns that the new one has not. They keep the values of the row
 * that is replaced; a row that was not there gets their defaults. And it may refuse rows that the
 * new one takes. Such a row is left as it is, with all that it holds, until it is mended.
 */
final class BackStatements implements RowReplacement {
  private final Session session;
  private final KeySql keySql;
  private final boolean keeps;
  private final String delete;
  private final String insert;
  private final String insertKept;
  private final String insertNew;
  private final String isThere;

  BackStatements(Session session, Working working) {
    this.session = session;
    this.keySql = working.keys();
    this.keeps = !working.spec().kept().isEmpty();
    this.delete =
        "DELETE FROM " + working.shadowSql() + " AS zdm_s WHERE " + keySql.shadowIn("zdm_s");
    this.insert = working.insertSelect() + keySql.sourceIn();
    this.insertKept = insertKept(working);
    this.insertNew = insertNew(working);
    this.isThere =
        "SELECT EXISTS (SELECT FROM "
            + working.sourceSql()
            + " AS "
            + keySql.alias()
            + " WHERE "
            + keySql.sourceIn()
            + ")";
  }

  /**
   * Rows that are there. All of them are deleted before the first is inserted, since the count is
   * needed before the server looks for a row to insert.
   */
  private String insertKept(Working working) {
    List<MappedColumn> written = working.spec().written();
    List<MappedColumn> kept = working.spec().kept();
    return "WITH zdm_old ("
        + Stream.concat(numbered("zdm_k", keyColumns().size()), numbered("zdm_p", kept.size()))
            .collect(Collectors.joining(", "))
        + ") AS ("
        + delete
        + " RETURNING "
        + keySql.shadowColumns("zdm_s")
        + kept.stream().map(c -> ", zdm_s." + name(c.column().name())).collect(Collectors.joining())
        + ") INSERT INTO "
        + working.shadowSql()
        + " ("
        + Stream.concat(written.stream(), kept.stream())
            .map(c -> name(c.column().name()))
            .collect(Collectors.joining(", "))
        + ") OVERRIDING SYSTEM VALUE SELECT "
        + Stream.concat(
                written.stream().map(MappedColumn::expression), numbered("zdm_p", kept.size()))
            .collect(Collectors.joining(", "))
        + " FROM "
        + working.sourceSql()
        + " AS "
        + keySql.alias()
        + " JOIN zdm_old ON "
        + sameKey("zdm_old")
        + " WHERE "
        + keySql.sourceIn()
        + " AND (SELECT count(*) FROM zdm_old) >= 0";
  }

  /** Rows that are not there. */
  private String insertNew(Working working) {
    String there =
        " LEFT JOIN (SELECT "
            + keySql.shadowColumns("zdm_s")
            + " FROM "
            + working.shadowSql()
            + " AS zdm_s WHERE "
            + keySql.shadowIn("zdm_s")
            + ") AS zdm_there ("
            + numbered("zdm_k", keyColumns().size()).collect(Collectors.joining(", "))
            + ") ON "
            + sameKey("zdm_there");
    return working.insertSelect(there) + "zdm_there.zdm_k0 IS NULL AND " + keySql.sourceIn();
  }

  private List<KeyColumn> keyColumns() {
    return keySql.identity().columns();
  }

  private static Stream<String> numbered(String prefix, int count) {
    return Stream.iterate(0, n -> n < count, n -> n + 1).map(n -> prefix + n);
  }

  private String sameKey(String rows) {
    List<String> terms = new ArrayList<>();
    for (KeyColumn column : keyColumns()) {
      terms.add(rows + ".zdm_k" + terms.size() + " = " + column.expression());
    }
    return String.join(" AND ", terms);
  }

  @Override
  public long replace(List<Key> keys) throws SQLException {
    Object[] arrays = arrays(keys);
    if (!keeps) {
      session.update(delete, arrays);
      return session.update(insert, arrays);
    }
    Object[] twice = Stream.concat(Stream.of(arrays), Stream.of(arrays)).toArray();
    session.execute("SET LOCAL enable_hashjoin = on");
    long rows = session.update(insertKept, twice);
    rows += session.update(insertNew, twice);
    // what is left of these keys has gone from the new table: insertKept has deleted it
    session.execute("SET LOCAL enable_hashjoin = off");
    return rows;
  }

  @Override
  public FlushResult replaceAround(List<Key> keys) throws SQLException {
    Savepoint before = session.connection().setSavepoint();
    try {
      long rows = replace(keys);
      session.connection().releaseSavepoint(before);
      return new FlushResult(rows, List.of());
    } catch (SQLException e) {
      if (!canGoAround(e)) {
        throw e;
      }
      session.rollbackTo(before);
      if (keys.size() == 1) {
        return refused(keys.get(0), e);
      }
      FlushResult first = replaceAround(keys.subList(0, keys.size() / 2));
      return first.and(replaceAround(keys.subList(keys.size() / 2, keys.size())));
    }
  }

  /** A key that the retired table cannot even have is done with when its row has gone. */
  @Override
  public FlushResult refused(Key key, SQLException e) throws SQLException {
    boolean gone = Failures.isBadValue(e) && !session.test(isThere, arrays(List.of(key)));
    return gone ? new FlushResult(0, List.of()) : RowReplacement.super.refused(key, e);
  }

  private Object[] arrays(List<Key> keys) {
    return keySql.arrays(keys).toArray();
  }

  @Override
  public boolean canGoAround(SQLException e) {
    return Failures.isBadData(e);
  }
}
