package io.zdmosc.postgres.flush;

import io.zdmosc.engine.copy.IntegerKeys;
import io.zdmosc.engine.spi.CopyLayout;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyLocation;
import io.zdmosc.engine.spi.KeyRange;
import io.zdmosc.postgres.shadow.KeyColumn;
import io.zdmosc.postgres.sql.KeySql;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Decides where keys lie relative to the copy. For a single integer column Java's order is the
 * server's; for everything else the server is asked.
 */
final class KeyLocator {
  private static final Set<String> INTEGERS = Set.of("smallint", "integer", "bigint");

  private final Session session;
  private final KeySql keys;
  private final boolean integers;

  KeyLocator(Session session, KeySql keys) {
    this.session = session;
    this.keys = keys;
    List<KeyColumn> columns = keys.identity().columns();
    this.integers =
        columns.size() == 1
            && INTEGERS.contains(columns.get(0).type())
            && !columns.get(0).descending();
  }

  List<KeyLocation> locate(List<Key> asked, CopyLayout layout) throws SQLException {
    if (layout.frontier().isEmpty() && !layout.complete()) {
      return asked.stream().map(key -> KeyLocation.BEYOND).toList();
    }
    return integers ? IntegerKeys.locate(asked, layout) : onServer(asked, layout);
  }

  private List<KeyLocation> onServer(List<Key> asked, CopyLayout layout) throws SQLException {
    List<String> parameters = new ArrayList<>();
    StringBuilder flight = new StringBuilder("false");
    for (KeyRange range : layout.inFlight()) {
      KeySql.Condition condition = keys.sourceRange(range);
      flight.append(" OR (").append(condition.sql()).append(")");
      parameters.addAll(condition.parameters());
    }
    String copied = "true";
    if (!layout.complete()) {
      KeySql.Condition condition =
          keys.sourceRange(new KeyRange(null, layout.frontier().orElseThrow()));
      copied = condition.sql();
      parameters.addAll(condition.parameters());
    }
    parameters.addAll(keys.arrays(asked));
    String sql =
        "SELECT CASE WHEN "
            + flight
            + " THEN 'IN_FLIGHT' WHEN "
            + copied
            + " THEN 'COPIED' ELSE 'BEYOND' END FROM "
            + keys.numberedKeyRows()
            + " ORDER BY zdm_n";
    return session.query(sql, row -> KeyLocation.valueOf(row.getString(1)), parameters.toArray());
  }
}
