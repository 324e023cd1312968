package io.zdmosc.harness.workload.writer;

import java.sql.SQLException;
import java.util.Random;

/** Transactions of many statements: some stay open long, some are rolled back, in part or whole. */
final class LongTransactions {
  /** Stays open, writing all the while, then commits or rolls back. */
  static final Operation LONG =
      new Operation(
          "long_transaction", (desk, random) -> desk.transaction(tx -> stay(desk, random, tx)));

  /** A few statements, then back. */
  static final Operation ROLLED_BACK =
      new Operation(
          "rolled_back",
          (desk, random) ->
              desk.transaction(
                  tx -> {
                    some(desk, random, tx);
                    return false;
                  }));

  /** A few statements, of which those between two savepoints do not count. */
  static final Operation SAVEPOINTS =
      new Operation(
          "savepoints",
          (desk, random) ->
              desk.transaction(
                  tx -> {
                    some(desk, random, tx);
                    tx.undone(
                        () -> {
                          some(desk, random, tx);
                          tx.undone(() -> some(desk, random, tx));
                        });
                    some(desk, random, tx);
                    return random.nextInt(5) > 0;
                  }));

  /** A few statements, committed. */
  static final Operation SHORT =
      new Operation(
          "short_transaction",
          (desk, random) ->
              desk.transaction(
                  tx -> {
                    some(desk, random, tx);
                    return true;
                  }));

  private LongTransactions() {}

  private static boolean stay(Desk desk, Random random, Transaction tx) throws SQLException {
    long longest = desk.options().longTransaction().toMillis();
    int statements = 10 + random.nextInt(40);
    long pause = (long) (longest * (0.2 + 0.8 * random.nextDouble()) / statements);
    for (int i = 0; i < statements && !desk.control().ended(); i++) {
      step(desk, random, tx);
      Pause.millis(pause);
    }
    return random.nextInt(10) < 7;
  }

  private static void some(Desk desk, Random random, Transaction tx) throws SQLException {
    int statements = 1 + random.nextInt(4);
    for (int i = 0; i < statements; i++) {
      step(desk, random, tx);
    }
  }

  private static void step(Desk desk, Random random, Transaction tx) throws SQLException {
    switch (random.nextInt(4)) {
      case 0 -> SingleRows.insert(desk, random, tx);
      case 1 -> SingleRows.delete(desk, random, tx);
      default -> SingleRows.update(desk, random, tx);
    }
  }
}
