package io.zdmosc.mysql.stream.row;

import io.zdmosc.mysql.stream.event.Bytes;
import java.nio.charset.StandardCharsets;

/** Recognizes a table by its name in table map events, without making text of it. */
public final class TableName {
  private final byte[] schema;
  private final byte[] table;

  public TableName(String schema, String table) {
    this.schema = schema.getBytes(StandardCharsets.UTF_8);
    this.table = table.getBytes(StandardCharsets.UTF_8);
  }

  /** True when schema and table stand at the position. */
  boolean matches(Bytes event) {
    return matches(event, schema) && matches(event, table);
  }

  private static boolean matches(Bytes event, byte[] name) {
    if (event.u8() != name.length || !event.startsWith(name)) {
      return false;
    }
    event.skip(name.length + 1L); // a zero byte ends it
    return true;
  }
}
