package io.zdmosc.engine.spi;

import java.util.Arrays;
import java.util.List;

/**
 * The identity of one row: the text of each key column exactly as the server writes it.
 *
 * <p>Two different texts can be equal for the server ({@code 1.0} and {@code 1.00}, {@code a} and
 * {@code A} under a case-insensitive collation). Here they are two keys, which costs a second flush
 * of the same row and nothing else, as long as one flushes after the other ({@link
 * PreparedChange#flushesSideBySide}). Immutable.
 */
public final class Key {
  private final String[] columns;

  private Key(String[] columns) {
    this.columns = columns;
  }

  public static Key of(String... columns) {
    return new Key(columns.clone());
  }

  public static Key of(List<String> columns) {
    return new Key(columns.toArray(String[]::new));
  }

  /** The text of key column {@code index}, counted from 0 in the order of the identity. */
  public String column(int index) {
    return columns[index];
  }

  public int width() {
    return columns.length;
  }

  public List<String> columns() {
    return List.of(columns);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Key key && Arrays.equals(columns, key.columns);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(columns);
  }

  @Override
  public String toString() {
    return columns.length == 1 ? columns[0] : "(" + String.join(", ", columns) + ")";
  }
}
