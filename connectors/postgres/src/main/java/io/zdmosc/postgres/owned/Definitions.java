package io.zdmosc.postgres.owned;

import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.List;

/** Reads definitions from the catalog. */
final class Definitions {
  private Definitions() {}

  /**
   * Runs a query for name, oid and statements.
   *
   * @param query takes the table's oid
   */
  static List<Definition> read(Session session, String query, long table) throws SQLException {
    return session.query(
        query,
        row ->
            new Definition(
                row.getString(1), row.getLong(2), List.of((String[]) row.getArray(3).getArray())),
        table);
  }
}
