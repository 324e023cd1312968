package io.zdmosc.mysql.stream.row;

import io.zdmosc.mysql.key.KeyType;
import java.util.List;

/**
 * Which columns of a table are to be read from its row events.
 *
 * @param table the table's name, for messages
 * @param names of the columns, in the order in which their values are wanted
 * @param indexes their places in the table, from 0
 * @param types their types
 * @param identify true when the columns are the table's identity: then a row without one of them
 *     cannot be taken in; else only what a row is afterwards counts
 * @param tableColumns how many columns the table has
 * @param moreMayFollow true where the server may log columns of its own behind those of the table
 */
public record ReadColumns(
    String table,
    List<String> names,
    List<Integer> indexes,
    List<KeyType> types,
    boolean identify,
    int tableColumns,
    boolean moreMayFollow) {
  public ReadColumns {
    names = List.copyOf(names);
    indexes = List.copyOf(indexes);
    types = List.copyOf(types);
  }

  /**
   * INVARIANT: an index means the same column in the log as in the catalog only while both have as
   * many columns. Where they do not, keys of wrong columns would be read, so nothing is read at
   * all.
   */
  void requireSameWidth(int logged) {
    if (logged < tableColumns || logged > tableColumns && !moreMayFollow) {
      throw new IllegalStateException(
          "table %s has %d columns in the catalog and %d in the binary log"
              .formatted(table, tableColumns, logged));
    }
  }
}
