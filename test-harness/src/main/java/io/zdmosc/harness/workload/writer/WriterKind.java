package io.zdmosc.harness.workload.writer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What kind of application a writer is.
 *
 * @param name for thread names and reports
 * @param operations what it does; one that it does more often stands in the list more often
 * @param asynchronousCommit whether its commits return before they are on disk
 */
record WriterKind(String name, List<Operation> operations, boolean asynchronousCommit) {
  /** All characters, in the order in which writers take them. */
  static final List<WriterKind> ALL =
      List.of(
          of(
              "single",
              some(6, SingleRows.INSERT),
              some(10, SingleRows.UPDATE),
              some(5, SingleRows.DELETE),
              some(2, SingleRows.NO_OP),
              some(3, SingleRows.READ),
              some(1, HotRows.INCREMENT)),
          of(
              "rekeying",
              some(4, KeyMoves.MOVE),
              some(3, KeyMoves.SWAP),
              some(2, KeyMoves.RESPELL),
              some(3, KeyMoves.DELETE_AND_REINSERT),
              some(3, KeyMoves.DELETE_THEN_REINSERT),
              some(2, KeyMoves.REPLACE),
              some(1, SingleRows.INSERT)),
          of(
              "exchanging",
              some(3, UniqueExchanges.IN_TRANSACTION),
              some(3, UniqueExchanges.IN_STEPS),
              some(3, UniqueExchanges.IN_ONE_STATEMENT),
              some(2, UniqueExchanges.INHERIT)),
          of(
              "bulk",
              some(2, ManyRows.INSERT),
              some(4, ManyRows.UPDATE_OWN),
              some(2, ManyRows.UPDATE_SHARED),
              some(3, ManyRows.DELETE),
              some(2, ManyRows.REPLACE)),
          of("long", some(2, LongTransactions.LONG), some(1, SingleRows.READ)),
          of(
              "undoing",
              some(2, LongTransactions.ROLLED_BACK),
              some(3, LongTransactions.SAVEPOINTS),
              some(1, LongTransactions.SHORT)),
          new WriterKind(
              "asynchronous",
              operations(
                  some(3, SingleRows.INSERT),
                  some(5, SingleRows.UPDATE),
                  some(2, SingleRows.DELETE),
                  some(2, KeyMoves.MOVE),
                  some(2, LongTransactions.SHORT)),
              true),
          of("hot", some(4, HotRows.INCREMENT), some(4, HotRows.OVERWRITE)),
          of(
              "upserting",
              some(5, Upserts.UPSERT),
              some(2, Upserts.REPLACE),
              some(2, Upserts.SERVER_KEY),
              some(3, PreparedStatements.UPDATE),
              some(3, PreparedStatements.READ),
              some(2, SingleRows.DELETE),
              some(2, HotRows.OVERWRITE)),
          of(
              "reading",
              some(4, SingleRows.READ),
              some(2, SnapshotReads.READ),
              some(2, SingleRows.UPDATE),
              some(1, SingleRows.INSERT)));

  Operation choose(Random random) {
    return operations.get(random.nextInt(operations.size()));
  }

  @SafeVarargs
  private static WriterKind of(String name, List<Operation>... operations) {
    return new WriterKind(name, operations(operations), false);
  }

  @SafeVarargs
  private static List<Operation> operations(List<Operation>... operations) {
    List<Operation> all = new ArrayList<>();
    for (List<Operation> each : operations) {
      all.addAll(each);
    }
    return List.copyOf(all);
  }

  private static List<Operation> some(int weight, Operation operation) {
    return Collections.nCopies(weight, operation);
  }
}
