package io.zdmosc.harness.workload.writer;

import java.sql.SQLException;
import java.util.Random;

/**
 * Something that writers do, from lock to commit.
 *
 * @param name for counts and error reports
 * @param action does it
 */
record Operation(String name, Action action) {
  /** What an operation does; decides by the random numbers alone, and by what rows there are. */
  @FunctionalInterface
  interface Action {
    void run(Desk desk, Random random) throws SQLException;
  }
}
