package io.zdmosc.postgres.verify;

import io.zdmosc.engine.spi.Difference;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.KeySql;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Compares the rows of given keys, in the snapshot of the caller's transaction or statement. */
public final class KeyComparison {
  private final Session session;
  private final KeySql keys;
  private final String equal;
  private final String differences;

  public KeyComparison(Session session, Working working) {
    this.session = session;
    this.keys = working.keys();
    RowHash hash = new RowHash(working, "zdm_s");
    String source = working.sourceSql() + " AS " + keys.alias() + " WHERE " + keys.sourceIn();
    String shadow = working.shadowSql() + " AS zdm_s WHERE " + keys.shadowIn("zdm_s");
    this.equal =
        "SELECT (SELECT ROW(count(*), sum("
            + hash.source()
            + ")) FROM "
            + source
            + ") IS NOT DISTINCT FROM (SELECT ROW(count(*), sum("
            + hash.shadow()
            + ")) FROM "
            + shadow
            + ")";
    this.differences =
        "SELECT zdm_k.zdm_n, zdm_a.zdm_found, zdm_b.zdm_found, CASE WHEN zdm_a.zdm_found AND"
            + " zdm_b.zdm_found THEN zdm_b.zdm_columns END FROM (SELECT *, "
            + keys.expressions()
            + " FROM "
            + keys.numberedKeyRows()
            + ") AS zdm_k"
            + " LEFT JOIN LATERAL (SELECT true AS zdm_found, "
            + hash.source()
            + " AS zdm_h FROM "
            + working.sourceSql()
            + " AS "
            + keys.alias()
            + " WHERE "
            + keys.sourceEquals("zdm_k")
            + ") AS zdm_a ON true"
            + " LEFT JOIN LATERAL (SELECT true AS zdm_found, "
            + hash.shadow()
            + " AS zdm_h,"
            + " (SELECT "
            + hash.differingColumns()
            + " FROM "
            + working.sourceSql()
            + " AS "
            + keys.alias()
            + " WHERE "
            + keys.sourceEquals("zdm_k")
            + ") AS zdm_columns FROM "
            + working.shadowSql()
            + " AS zdm_s WHERE "
            + keys.shadowEquals("zdm_s", "zdm_k")
            + ") AS zdm_b ON true WHERE zdm_a.zdm_h IS DISTINCT FROM zdm_b.zdm_h ORDER BY zdm_n";
  }

  public boolean isEqual(List<Key> compared) throws SQLException {
    List<String> parameters = new ArrayList<>(keys.arrays(compared));
    parameters.addAll(keys.arrays(compared));
    return session.test(equal, parameters.toArray());
  }

  /** The keys whose rows differ, with the columns' names. */
  public List<Difference> differences(List<Key> compared) throws SQLException {
    return session.query(
        differences,
        row -> {
          Key key = compared.get(row.getInt(1) - 1);
          boolean inSource = row.getBoolean(2);
          boolean inShadow = row.getBoolean(3);
          String columns = row.getString(4);
          Difference.Kind kind =
              !inShadow
                  ? Difference.Kind.MISSING
                  : !inSource ? Difference.Kind.EXTRA : Difference.Kind.DIFFERENT;
          return new Difference(key, kind, columns == null ? "" : columns);
        },
        keys.arrays(compared).toArray());
  }
}
