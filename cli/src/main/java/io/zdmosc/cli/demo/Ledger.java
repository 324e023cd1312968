package io.zdmosc.cli.demo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * What one writer knows to be in the rows that are its own: the initial rows whose id leaves the
 * writer's number when divided by the number of writers, and those that it has inserted since. Only
 * acknowledged writes are entered. Not thread-safe.
 */
final class Ledger {
  private static final int TRIES = 20;

  private final int writer;
  private final int writers;
  private final long initialRows;
  private final Map<Long, Optional<UserRow>> changed = new HashMap<>();
  private final List<Long> added = new ArrayList<>();

  Ledger(int writer, int writers, long initialRows) {
    this.writer = writer;
    this.writers = writers;
    this.initialRows = initialRows;
  }

  /** A row of the writer's own, if chance finds one. */
  Optional<UserRow> pick(SplittableRandom random) {
    for (int i = 0; i < TRIES; i++) {
      boolean fresh = !added.isEmpty() && random.nextInt(3) == 0;
      long id = fresh ? added.get(random.nextInt(added.size())) : initialId(random);
      Optional<UserRow> row = find(id);
      if (row.isPresent()) {
        return row;
      }
    }
    return Optional.empty();
  }

  /** The row is there now. */
  void put(UserRow row) {
    if (find(row.id()).isEmpty()) {
      added.add(row.id());
    }
    changed.put(row.id(), Optional.of(row));
  }

  /** The row is gone now. */
  void remove(long id) {
    changed.put(id, Optional.empty());
  }

  /** The rows that are no longer as they were in the beginning; empty for those that are gone. */
  Map<Long, Optional<UserRow>> changed() {
    return changed;
  }

  private Optional<UserRow> find(long id) {
    Optional<UserRow> row = changed.get(id);
    if (row != null) {
      return row;
    }
    return id >= 1 && id <= initialRows ? Optional.of(UserRow.initial(id)) : Optional.empty();
  }

  private long initialId(SplittableRandom random) {
    return random.nextLong(Math.max(1, initialRows / writers)) * writers + writer;
  }
}
