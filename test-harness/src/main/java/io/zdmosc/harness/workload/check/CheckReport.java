package io.zdmosc.harness.workload.check;

import io.zdmosc.harness.workload.model.RowId;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The result of a check.
 *
 * @param expectedRows how many rows there must be
 * @param actualRows how many there are
 * @param shapeProblems columns that are absent, or that should be
 * @param missing how many acknowledged rows are not there
 * @param extra how many rows are there that should not be
 * @param different how many rows have other values
 * @param differences the first of them
 * @param unresolved rows of transactions of which nobody knows whether they were committed
 */
public record CheckReport(
    long expectedRows,
    long actualRows,
    List<String> shapeProblems,
    long missing,
    long extra,
    long different,
    List<Difference> differences,
    Set<RowId> unresolved) {
  /** Returns whether the table holds exactly what it must. */
  public boolean clean() {
    return shapeProblems.isEmpty()
        && missing == 0
        && extra == 0
        && different == 0
        && unresolved.isEmpty();
  }

  /** Throws AssertionError with everything that differs, unless clean. */
  public void assertClean() {
    if (!clean()) {
      throw new AssertionError(toString());
    }
  }

  @Override
  public String toString() {
    if (clean()) {
      return "clean: " + actualRows + " rows";
    }
    return String.format(
        "expected %d rows, found %d: %d missing, %d extra, %d different, %d unresolved%s%n%s",
        expectedRows,
        actualRows,
        missing,
        extra,
        different,
        unresolved.size(),
        shapeProblems.isEmpty() ? "" : "; " + shapeProblems,
        differences.stream().map(Object::toString).collect(Collectors.joining("\n")));
  }
}
