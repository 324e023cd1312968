package io.zdmosc.mysql.stream.row;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.mysql.stream.event.Bytes;
import io.zdmosc.mysql.stream.event.EventType;
import java.util.BitSet;

/**
 * Reads the wanted columns out of the row events of one table.
 *
 * <p>Every value comes out of the log. One that the log leaves out because of {@code
 * binlog_row_image} and that cannot be told from the image before ends the stream: guessing it
 * could lose a change. Not thread-safe.
 */
final class RowDecoder {
  private static final int PARTIAL_JSON = 1;
  private static final int ID_AND_FLAGS = 8;

  private final ReadColumns wanted;
  private final ColumnFormat[] columns;
  private final ValueText[] texts;
  private final int[] targets;
  private final int jsonColumns;

  RowDecoder(ReadColumns wanted, TableMap map) {
    wanted.requireSameWidth(map.columns().length);
    this.wanted = wanted;
    this.columns = map.columns();
    this.texts = new ValueText[columns.length];
    this.targets = new int[columns.length];
    for (int i = 0; i < wanted.indexes().size(); i++) {
      int column = wanted.indexes().get(i);
      texts[column] = new ValueText(wanted.types().get(i), columns[column]);
      targets[column] = i;
    }
    this.jsonColumns = map.jsonColumns();
  }

  /** Reads an event from behind its header. */
  void decode(int loggedType, Bytes event, RowSink sink) {
    event.skip(ID_AND_FLAGS);
    int type = uncompressedType(loggedType);
    if (type >= EventType.WRITE_ROWS) {
      event.skip(event.u16() - 2L); // what belongs to clusters
    }
    int width = (int) event.packed();
    if (width != columns.length) {
      throw new IllegalStateException("rows of " + wanted.table() + " have another width");
    }
    boolean update =
        type == EventType.UPDATE_ROWS_V1
            || type == EventType.UPDATE_ROWS
            || type == EventType.PARTIAL_UPDATE_ROWS;
    BitSet first = bitmap(event, width);
    BitSet second = update ? bitmap(event, width) : null;
    Bytes rows = type == loggedType ? event : MariadbCompression.inflate(event);
    while (rows.remaining() > 0) {
      String[] image = image(rows, first, false);
      if (update) {
        boolean partial = type == EventType.PARTIAL_UPDATE_ROWS && hasPartialJson(rows);
        String[] after = image(rows, second, partial);
        String[] present = complete(after, image);
        sink.row(wanted.identify() ? complete(image, null) : image, present);
      } else if (type == EventType.DELETE_ROWS || type == EventType.DELETE_ROWS_V1) {
        sink.row(wanted.identify() ? complete(image, null) : image, null);
      } else {
        sink.row(null, complete(image, null));
      }
    }
  }

  private static int uncompressedType(int type) {
    if (type >= EventType.MARIADB_WRITE_ROWS_COMPRESSED) {
      return type - EventType.MARIADB_WRITE_ROWS_COMPRESSED + EventType.WRITE_ROWS;
    }
    if (type >= EventType.MARIADB_WRITE_ROWS_COMPRESSED_V1) {
      return type - EventType.MARIADB_WRITE_ROWS_COMPRESSED_V1 + EventType.WRITE_ROWS_V1;
    }
    return type;
  }

  /** Which JSON values are only what was changed in them: as long as any other value to us. */
  private boolean hasPartialJson(Bytes rows) {
    return (rows.packed() & PARTIAL_JSON) != 0;
  }

  private static BitSet bitmap(Bytes event, int bits) {
    return BitSet.valueOf(event.bytes((bits + 7) / 8));
  }

  private String[] image(Bytes rows, BitSet present, boolean partial) {
    if (partial) {
      rows.skip((jsonColumns + 7) / 8);
    }
    int nulls = rows.position();
    rows.skip((present.cardinality() + 7) / 8);
    String[] values = new String[wanted.indexes().size()];
    int bit = 0;
    for (int i = present.nextSetBit(0);
        i >= 0 && i < columns.length;
        i = present.nextSetBit(i + 1)) {
      boolean isNull = (rows.buffer()[nulls + bit / 8] >> bit % 8 & 1) != 0;
      bit++;
      if (isNull) {
        continue;
      }
      if (texts[i] == null) {
        columns[i].skip(rows);
      } else {
        values[targets[i]] = texts[i].read(rows);
      }
    }
    return values;
  }

  private String[] complete(String[] values, String[] fallback) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] == null && fallback != null) {
        values[i] = fallback[i];
      }
      if (values[i] == null) {
        throw MigrationFailedException.changesLost(
            "The binary log carries no value of key column %s of %s: the binlog_row_image of a session leaves it out."
                .formatted(wanted.names().get(i), wanted.table()),
            "The source table is untouched.",
            "SET GLOBAL binlog_row_image = 'FULL', have the application connect anew, and run the"
                + " migration again.");
      }
    }
    return values;
  }
}
