package io.zdmosc.harness.workload.writer;

import io.zdmosc.harness.workload.model.Row;
import io.zdmosc.harness.workload.table.Column;
import io.zdmosc.harness.workload.table.TableSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the values of a row by the ids of the columns. Immutable. */
final class Columns {
  /** What the guard column holds in every row. */
  static final String ERA_VALUE = "0";

  private final TableSpec table;
  private final List<String> ids;
  private final Map<String, Integer> indexes = new HashMap<>();

  Columns(TableSpec table) {
    this.table = table;
    this.ids = table.written().stream().map(Column::id).toList();
    ids.forEach(id -> indexes.put(id, indexes.size()));
  }

  TableSpec table() {
    return table;
  }

  /** Returns the ids of the columns of a row, in order. */
  List<String> ids() {
    return ids;
  }

  int index(String id) {
    return indexes.get(id);
  }

  String get(Row row, String id) {
    return row.get(index(id));
  }

  Row with(Row row, String id, String value) {
    return row.with(index(id), value);
  }

  /** Returns the row with another key. */
  Row withKey(Row row, List<String> key) {
    List<String> keyIds = table.keyIds();
    Row changed = row;
    for (int i = 0; i < key.size(); i++) {
      changed = with(changed, keyIds.get(i), key.get(i));
    }
    return changed;
  }
}
