package io.zdmosc.mysql.stream.row;

import io.zdmosc.mysql.stream.event.Bytes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Knows under which numbers the few tables that matter appear in row events, so that those of all
 * others are dropped by a look at their first bytes. Not thread-safe.
 */
public final class StreamedTables {
  private final List<Streamed> tables;
  private final Map<Long, Known> byId = new HashMap<>();

  /** A table, what is to be read of it, and who takes it. */
  public record Streamed(TableName name, ReadColumns columns, RowSink sink) {}

  private record Known(RowDecoder decoder, RowSink sink) {}

  public StreamedTables(List<Streamed> tables) {
    this.tables = List.copyOf(tables);
  }

  /** Takes in a table map event, from behind its header. */
  public void announced(Bytes event) {
    long id = TableMap.tableId(event);
    if (byId.containsKey(id)) {
      return; // a number stands for one shape of one table
    }
    for (Streamed table : tables) {
      if (TableMap.names(event, table.name())) {
        byId.put(
            id, new Known(new RowDecoder(table.columns(), TableMap.read(event)), table.sink()));
        return;
      }
    }
  }

  /** True when a row event, from behind its header, is about one of the tables. */
  public boolean areRowsWanted(Bytes event) {
    return !byId.isEmpty() && byId.containsKey(TableMap.tableId(event));
  }

  /** Hands a row event, from behind its header, on to its table's sink. */
  public void rows(int type, Bytes event) {
    Known table = byId.get(TableMap.tableId(event));
    table.decoder().decode(type, event, table.sink());
  }

  /** A new file of the log: the server numbers its tables anew. */
  public void forget() {
    byId.clear();
  }
}
