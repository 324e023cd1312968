package io.zdmosc.harness.workload.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * A source row: one text per written column, in the table's order, in the server's input syntax;
 * null for NULL. Immutable.
 */
public record Row(List<String> values) {
  public Row {
    values = Collections.unmodifiableList(new ArrayList<>(values));
  }

  public static Row of(String... values) {
    return new Row(Arrays.asList(values));
  }

  public String get(int index) {
    return values.get(index);
  }

  /** The same row with another value. */
  public Row with(int index, String value) {
    List<String> changed = new ArrayList<>(values);
    changed.set(index, value);
    return new Row(changed);
  }
}
