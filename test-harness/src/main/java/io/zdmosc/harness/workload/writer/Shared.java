package io.zdmosc.harness.workload.writer;

import io.zdmosc.harness.workload.WorkloadOptions;
import io.zdmosc.harness.workload.WorkloadOptions.Trait;
import io.zdmosc.harness.workload.model.Model;
import io.zdmosc.harness.workload.table.TableCase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What all writers of a workload have in common. Thread-safe by its parts. */
final class Shared {
  /** How many rows are written by everybody, without locks. */
  static final int HOT_ROWS = 4;

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int ROOM_PER_OWNER = 700;

  private final TableCase tableCase;
  private final WorkloadOptions options;
  private final Model model;
  private final Columns columns;
  private final Control control = new Control();
  private final Committer committer;
  private final List<RowMaker> makers = new ArrayList<>();
  private final long slotsPerOwner;

  Shared(TableCase tableCase, WorkloadOptions options) {
    this.tableCase = tableCase;
    this.options = options;
    this.model = new Model(options.writers());
    this.columns = new Columns(tableCase.table());
    this.committer =
        new Committer(tableCase.dialect(), options.has(Trait.FAULTS_EXPECTED), PATIENCE);
    for (int owner = 0; owner <= model.hotOwner(); owner++) {
      makers.add(new RowMaker(tableCase.dialect(), columns, owner));
    }
    long wanted = 2L * options.initialRows() / options.writers() + ROOM_PER_OWNER;
    long possible = tableCase.table().key().capacity() / (options.writers() + 1);
    this.slotsPerOwner = Math.min(wanted, possible);
  }

  TableCase tableCase() {
    return tableCase;
  }

  WorkloadOptions options() {
    return options;
  }

  Model model() {
    return model;
  }

  Columns columns() {
    return columns;
  }

  Control control() {
    return control;
  }

  Committer committer() {
    return committer;
  }

  RowMaker maker(int owner) {
    return makers.get(owner);
  }

  /** Returns how many keys an owner has, used or not. */
  long slotsPerOwner() {
    return slotsPerOwner;
  }
}
