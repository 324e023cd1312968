package io.zdmosc.mysql.stream.row;

/** Takes what a row event says. */
@FunctionalInterface
public interface RowSink {
  /**
   * One row.
   *
   * @param before the values of the wanted columns before; null when the row is new
   * @param after the values afterwards; null when the row was deleted
   */
  void row(String[] before, String[] after);
}
