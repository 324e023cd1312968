package io.zdmosc.cli.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The table against what the application knows to be in it.
 *
 * @param rows rows that are in the table
 * @param lost rows that should be there and are not
 * @param unexpected rows that should not be there
 * @param different rows that hold something else
 * @param examples a few of those, in words
 */
record Comparison(long rows, long lost, long unexpected, long different, List<String> examples) {
  private static final int EXAMPLES = 5;

  Comparison {
    examples = List.copyOf(examples);
  }

  boolean isEqual() {
    return lost == 0 && unexpected == 0 && different == 0;
  }

  /** Reads the whole table. Nobody may write to it meanwhile. */
  static Comparison of(
      Connection connection,
      DemoTable table,
      long initialRows,
      Map<Long, Optional<UserRow>> changed)
      throws SQLException {
    Counter counter = new Counter(initialRows, changed);
    connection.setAutoCommit(false);
    try (PreparedStatement query = connection.prepareStatement(table.select())) {
      query.setFetchSize(table.fetchSize());
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          counter.found(
              new UserRow(
                  rows.getLong(1),
                  rows.getString(2),
                  rows.getString(3),
                  rows.getString(4),
                  rows.getLong(5),
                  rows.getString(6),
                  rows.getLong(7),
                  rows.getString(8)));
        }
      }
    }
    connection.rollback();
    return counter.result();
  }

  private static final class Counter {
    private final long initialRows;
    private final Map<Long, Optional<UserRow>> changed;
    private final List<String> examples = new ArrayList<>();
    private long rows;
    private long expectedSeen;
    private long unexpected;
    private long different;
    private long previousId = Long.MIN_VALUE;

    Counter(long initialRows, Map<Long, Optional<UserRow>> changed) {
      this.initialRows = initialRows;
      this.changed = changed;
    }

    void found(UserRow row) {
      rows++;
      Optional<UserRow> expected = expected(row.id());
      if (expected.isEmpty() || row.id() == previousId) {
        unexpected++;
        example("unexpected: " + row);
      } else {
        expectedSeen++;
        if (!expected.get().equals(row)) {
          different++;
          example("different: " + row + ", should be " + expected.get());
        }
      }
      previousId = row.id();
    }

    Comparison result() {
      return new Comparison(rows, expectedCount() - expectedSeen, unexpected, different, examples);
    }

    private Optional<UserRow> expected(long id) {
      Optional<UserRow> row = changed.get(id);
      if (row != null) {
        return row;
      }
      return isInitial(id) ? Optional.of(UserRow.initial(id)) : Optional.empty();
    }

    private long expectedCount() {
      long count = initialRows;
      for (Map.Entry<Long, Optional<UserRow>> entry : changed.entrySet()) {
        count += (entry.getValue().isPresent() ? 1 : 0) - (isInitial(entry.getKey()) ? 1 : 0);
      }
      return count;
    }

    private boolean isInitial(long id) {
      return id >= 1 && id <= initialRows;
    }

    private void example(String text) {
      if (examples.size() < EXAMPLES) {
        examples.add(text);
      }
    }
  }
}
