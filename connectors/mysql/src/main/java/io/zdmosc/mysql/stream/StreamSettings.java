package io.zdmosc.mysql.stream;

import io.zdmosc.mysql.sql.SessionFactory;
import java.util.List;

/**
 * What a change stream reads.
 *
 * @param sessions opens connections to the server
 * @param start where in the log to begin
 * @param migrationId whose fences to report
 * @param schema the source table's schema, as the server writes it
 * @param table the source table's name, as the server writes it
 * @param keyColumns the names of the identity's columns, in its order
 * @param swap the statement of the swap: behind it in the log the name means the other table, so
 *     there the stream ends
 */
public record StreamSettings(
    SessionFactory sessions,
    LogStart start,
    long migrationId,
    String schema,
    String table,
    List<String> keyColumns,
    String swap) {
  /** Of a table that keeps its name. */
  public StreamSettings(
      SessionFactory sessions,
      LogStart start,
      long migrationId,
      String schema,
      String table,
      List<String> keyColumns) {
    this(sessions, start, migrationId, schema, table, keyColumns, "");
  }

  public StreamSettings {
    keyColumns = List.copyOf(keyColumns);
  }
}
