package io.zdmosc.harness.workload.check;

import java.util.List;
import java.util.Map;

/**
 * A row that is not what it must be.
 *
 * @param kind how it differs
 * @param key the values of the columns that tell rows apart, as the server renders them
 * @param columns the columns that differ; empty if the whole row is missing or extra
 */
public record Difference(Kind kind, List<String> key, Map<String, Values> columns) {
  /** How a row differs. */
  public enum Kind {
    /** An acknowledged row is not there. */
    MISSING,
    /** A row is there that nobody wrote, or a second one of its key. */
    EXTRA,
    /** The row is there with other values. */
    DIFFERENT
  }

  /** What a column must hold, and what it holds, as the server renders it; null for NULL. */
  public record Values(String expected, String actual) {
    @Override
    public String toString() {
      int at = firstDifference();
      return "expected " + excerpt(expected, at) + " but was " + excerpt(actual, at);
    }

    private int firstDifference() {
      if (expected == null || actual == null) {
        return 0;
      }
      int at = 0;
      int end = Math.min(expected.length(), actual.length());
      while (at < end && expected.charAt(at) == actual.charAt(at)) {
        at++;
      }
      return at;
    }

    private static String excerpt(String text, int at) {
      if (text == null) {
        return "NULL";
      }
      if (text.length() <= 80) {
        return "'" + text + "'";
      }
      int from = Math.max(0, Math.min(at, text.length()) - 20);
      int to = Math.min(text.length(), from + 60);
      return "'"
          + text.substring(from, to)
          + "' (characters "
          + from
          + " to "
          + to
          + " of "
          + text.length()
          + ")";
    }
  }

  @Override
  public String toString() {
    return kind + " " + key + (columns.isEmpty() ? "" : " " + columns);
  }
}
