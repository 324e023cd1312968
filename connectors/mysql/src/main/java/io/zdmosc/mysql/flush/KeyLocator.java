package io.zdmosc.mysql.flush;

import io.zdmosc.engine.copy.IntegerKeys;
import io.zdmosc.engine.spi.CopyLayout;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyLocation;
import io.zdmosc.engine.spi.KeyRange;
import io.zdmosc.mysql.shadow.KeyColumn;
import io.zdmosc.mysql.sql.KeySql;
import io.zdmosc.mysql.sql.KeyTable;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Decides where keys lie relative to the copy. For a single integer column Java's order is the
 * server's; for everything else the server is asked.
 */
final class KeyLocator {
  private final Session session;
  private final KeySql keys;
  private final KeyTable table;
  private final boolean integers;

  KeyLocator(Session session, KeySql keys, KeyTable table) {
    this.session = session;
    this.keys = keys;
    this.table = table;
    List<KeyColumn> columns = keys.identity().columns();
    this.integers =
        columns.size() == 1 && columns.get(0).source().isInteger() && !columns.get(0).descending();
  }

  List<KeyLocation> locate(List<Key> asked, CopyLayout layout) throws SQLException {
    if (layout.frontier().isEmpty() && !layout.complete()) {
      return asked.stream().map(key -> KeyLocation.BEYOND).toList();
    }
    return integers ? IntegerKeys.locate(asked, layout) : onServer(asked, layout);
  }

  private List<KeyLocation> onServer(List<Key> asked, CopyLayout layout) throws SQLException {
    String flight =
        layout.inFlight().stream()
            .map(range -> "(" + keys.keyTableRange(range, KeyTable.KEYS) + ")")
            .collect(Collectors.joining(" OR "));
    String copied =
        layout.complete()
            ? "TRUE"
            : keys.keyTableRange(
                new KeyRange(null, layout.frontier().orElseThrow()), KeyTable.KEYS);
    table.fill(asked);
    return session.read(
        "SELECT CASE WHEN "
            + (flight.isEmpty() ? "FALSE" : flight)
            + " THEN 'IN_FLIGHT' WHEN "
            + copied
            + " THEN 'COPIED' ELSE 'BEYOND' END FROM "
            + table.keys()
            + " ORDER BY n",
        row -> KeyLocation.valueOf(row.getString(1)));
  }
}
