package io.zdmosc.mysql.verify;

import io.zdmosc.engine.spi.Difference;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.KeyTable;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.Sql;
import java.sql.SQLException;
import java.util.List;

/** Compares the rows of given keys, in the read view of one statement. */
public final class KeyComparison {
  private final Session session;
  private final KeyTable table;
  private final ExpectedRows expected;
  private final String differences;

  /** The table of keys is the session's; it is filled anew by each comparison. */
  public KeyComparison(Session session, Working working, KeyTable table) throws SQLException {
    this.session = session;
    this.table = table;
    this.expected = new ExpectedRows(session, working);
    RowEquality equality = new RowEquality(expected);
    String inSource = expected.key(0) + " IS NOT NULL";
    String inShadow =
        "zdm_s." + Sql.name(working.identity().shadowColumns().get(0)) + " IS NOT NULL";
    this.differences =
        "SELECT "
            + KeyTable.KEYS
            + ".n, "
            + inSource
            + ", "
            + inShadow
            + ", IF("
            + inSource
            + " AND "
            + inShadow
            + ", "
            + equality.differingColumns()
            + ", '') FROM "
            + table.keys()
            + table.joinShadow(" LEFT JOIN ", working.shadowSql())
            + " LEFT JOIN "
            + expected.joined()
            + " ON "
            + expected.onKeys()
            + " WHERE ("
            + inSource
            + ") <> ("
            + inShadow
            + ") OR ("
            + inSource
            + " AND NOT ("
            + equality.condition()
            + ")) ORDER BY 1";
  }

  /** The keys whose rows differ, with the columns' names. */
  public List<Difference> differences(List<Key> compared) throws SQLException {
    table.fill(compared);
    expected.keys(table);
    return session.read(
        differences,
        row -> {
          Key key = compared.get(row.getInt(1) - 1);
          boolean inSource = row.getBoolean(2);
          boolean inShadow = row.getBoolean(3);
          Difference.Kind kind =
              !inShadow
                  ? Difference.Kind.MISSING
                  : !inSource ? Difference.Kind.EXTRA : Difference.Kind.DIFFERENT;
          return new Difference(key, kind, row.getString(4));
        });
  }
}
