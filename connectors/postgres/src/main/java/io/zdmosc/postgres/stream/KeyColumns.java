package io.zdmosc.postgres.stream;

import io.zdmosc.engine.spi.Key;
import java.util.List;

/**
 * Picks the key out of decoded tuples, by the columns' names as the relation message gives them.
 */
final class KeyColumns {
  private final int[] indexes;

  KeyColumns(List<String> keyColumns, List<String> relationColumns) {
    indexes = keyColumns.stream().mapToInt(relationColumns::indexOf).toArray();
    for (int i = 0; i < indexes.length; i++) {
      if (indexes[i] < 0) {
        throw new IllegalStateException(
            "the change stream does not carry key column " + keyColumns.get(i));
      }
    }
  }

  /**
   * The key of a tuple.
   *
   * @param fallback gives values that the tuple leaves out because they are stored out of line and
   *     unchanged; null when there is none
   */
  Key key(String[] tuple, String[] fallback) {
    String[] values = new String[indexes.length];
    for (int i = 0; i < indexes.length; i++) {
      String value = tuple[indexes[i]];
      if (value == null && fallback != null) {
        value = fallback[indexes[i]];
      }
      if (value == null) {
        throw new IllegalStateException("the change stream delivered a key column without a value");
      }
      values[i] = value;
    }
    return Key.of(values);
  }
}
