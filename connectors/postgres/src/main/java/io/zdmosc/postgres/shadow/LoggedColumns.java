package io.zdmosc.postgres.shadow;

import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.List;

/**
 * What a partition writes to the log of a row that is deleted, or whose key is changed. That goes
 * by its own replica identity, and not by its table's.
 *
 * @param partition its name
 * @param all true for the whole row
 * @param columns those of its replica identity otherwise; none where it writes nothing
 */
record LoggedColumns(String partition, boolean all, List<String> columns) {
  private static final String QUERY =
      """
      SELECT c.relname, c.relreplident = 'f',
             ARRAY(SELECT a.attname::text
                     FROM pg_index i CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY AS u(k, o)
                     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.k
                    WHERE i.indrelid = c.oid AND i.indisvalid AND i.indimmediate
                      AND u.o <= i.indnkeyatts
                      AND CASE c.relreplident WHEN 'd' THEN i.indisprimary
                            WHEN 'i' THEN i.indisreplident ELSE false END
                    ORDER BY u.o)
        FROM pg_partition_tree(?::oid::regclass) t JOIN pg_class c ON c.oid = t.relid
       WHERE t.isleaf AND t.level > 0 ORDER BY t.level, c.oid\
      """;

  LoggedColumns {
    columns = List.copyOf(columns);
  }

  /** Of all partitions of the table that hold rows; none for a plain table. */
  static List<LoggedColumns> ofPartitions(Session session, long table) throws SQLException {
    return session.query(
        QUERY,
        row ->
            new LoggedColumns(
                row.getString(1),
                row.getBoolean(2),
                List.of((String[]) row.getArray(3).getArray())),
        table);
  }

  /** Whether a row can be told by these columns, whatever becomes of it. */
  boolean tell(List<String> identity) {
    return all || columns.containsAll(identity);
  }

  /** Whether a publication may be limited to these columns. */
  boolean areAmong(List<String> published) {
    return !all && published.containsAll(columns);
  }
}
