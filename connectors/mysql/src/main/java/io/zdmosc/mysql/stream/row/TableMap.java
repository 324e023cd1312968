package io.zdmosc.mysql.stream.row;

import io.zdmosc.mysql.stream.event.Bytes;

/**
 * The columns of a table as a table map event announces them for the row events behind it.
 *
 * @param columns in the order of the table
 */
record TableMap(ColumnFormat[] columns) {
  /** Where the names begin: behind the table's number and flags. */
  private static final int NAMES = 8;

  /** The number under which the event's table appears in row events. */
  static long tableId(Bytes event) {
    int position = event.position();
    long id = event.unsigned(6);
    event.position(position);
    return id;
  }

  /** True when the event is about this table; moves nothing. */
  static boolean names(Bytes event, TableName table) {
    int position = event.position();
    event.skip(NAMES);
    boolean same = table.matches(event);
    event.position(position);
    return same;
  }

  /** Reads a table map event from behind its header. */
  static TableMap read(Bytes event) {
    event.skip(NAMES);
    event.skip(event.u8() + 1L); // schema
    event.skip(event.u8() + 1L); // table
    int count = (int) event.packed();
    int types = event.position();
    event.skip(count);
    int length = (int) event.packed();
    Bytes metadata = new Bytes(event.buffer(), event.position(), event.position() + length);
    ColumnFormat[] columns = new ColumnFormat[count];
    for (int i = 0; i < count; i++) {
      columns[i] = ColumnFormat.read(event.buffer()[types + i] & 0xFF, metadata);
    }
    return new TableMap(columns);
  }

  /** How many of the columns hold JSON. */
  int jsonColumns() {
    int count = 0;
    for (ColumnFormat column : columns) {
      if (column.type() == ColumnFormat.JSON) {
        count++;
      }
    }
    return count;
  }
}
