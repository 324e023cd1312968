package io.zdmosc.harness.workload.writer;

import io.zdmosc.harness.workload.WorkloadError;
import io.zdmosc.harness.workload.table.Conflict;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What all writers did and saw. Thread-safe. */
final class Tally {
  private static final int MAX_ERRORS = 50;

  private final Map<String, Long> operations = new TreeMap<>();
  private final List<WorkloadError> errors = new ArrayList<>();
  private final Map<Conflict, Long> conflicts = new EnumMap<>(Conflict.class);
  private long errorCount;
  private long shapeSwitches;
  private long replannings;
  private long connectionLosses;

  synchronized void operation(String name) {
    operations.merge(name, 1L, Long::sum);
  }

  synchronized void error(WorkloadError error) {
    errorCount++;
    if (errors.size() < MAX_ERRORS) {
      errors.add(error);
    }
  }

  synchronized void shapeSwitch() {
    shapeSwitches++;
  }

  synchronized void replanning() {
    replannings++;
  }

  /** A transaction was given up by the server, and is tried again. */
  synchronized void conflict(Conflict conflict) {
    conflicts.merge(conflict, 1L, Long::sum);
  }

  synchronized void connectionLoss() {
    connectionLosses++;
  }

  synchronized Map<String, Long> operations() {
    return new TreeMap<>(operations);
  }

  /** Returns the first errors. */
  synchronized List<WorkloadError> errors() {
    return List.copyOf(errors);
  }

  synchronized long errorCount() {
    return errorCount;
  }

  synchronized long shapeSwitches() {
    return shapeSwitches;
  }

  synchronized long replannings() {
    return replannings;
  }

  synchronized long conflicts(Conflict conflict) {
    return conflicts.getOrDefault(conflict, 0L);
  }

  synchronized long connectionLosses() {
    return connectionLosses;
  }
}
