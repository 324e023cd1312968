package io.zdmosc.harness.workload;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * How a workload runs. Immutable.
 *
 * @param writers the number of threads; their characters repeat in a fixed order
 * @param statementsPerSecond the target rate of each writer; 0 for as fast as it goes
 * @param initialRows how many rows are there before the writers start
 * @param longTransaction how long the longest transactions stay open
 * @param traits what is not as usual
 */
public record WorkloadOptions(
    int writers,
    int statementsPerSecond,
    int initialRows,
    Duration longTransaction,
    Set<Trait> traits) {
  /** What may be other than usual. */
  public enum Trait {
    /**
     * Writers that see the new shape go on with the new names, if the change allows that. Usually,
     * all writers end as soon as one sees it.
     */
    GO_ON_AFTER_CHANGE,
    /** The table exists, and is empty. Usually, it is created. */
    TABLE_EXISTS,
    /**
     * Connections may be lost. Then every transaction leaves a proof of its commit in a ledger
     * table, autocommit statements run in transactions of their own, and losses are counted instead
     * of reported as errors.
     */
    FAULTS_EXPECTED,
    /**
     * No writer commits asynchronously: for tests in which the server crashes, since acknowledged
     * commits may then rightly be lost.
     */
    SYNCHRONOUS_COMMIT_ONLY,
    /**
     * No transaction takes a snapshot and reads the table only later: for changes that are not safe
     * for such, as a native ALTER TABLE that rewrites.
     */
    NO_SNAPSHOT_READERS
  }

  public WorkloadOptions {
    if (writers < 1 || statementsPerSecond < 0 || initialRows < 0) {
      throw new IllegalArgumentException("writers, rate and rows must not be negative");
    }
    requireNonNull(longTransaction, "longTransaction is null");
    traits = Set.copyOf(traits);
  }

  /** Ten writers as fast as they go, 2000 rows, transactions of up to 5 seconds. */
  public static WorkloadOptions defaults() {
    return new WorkloadOptions(10, 0, 2000, Duration.ofSeconds(5), Set.of());
  }

  public WorkloadOptions withWriters(int number) {
    return new WorkloadOptions(number, statementsPerSecond, initialRows, longTransaction, traits);
  }

  public WorkloadOptions withStatementsPerSecond(int rate) {
    return new WorkloadOptions(writers, rate, initialRows, longTransaction, traits);
  }

  public WorkloadOptions withInitialRows(int rows) {
    return new WorkloadOptions(writers, statementsPerSecond, rows, longTransaction, traits);
  }

  public WorkloadOptions withLongTransaction(Duration duration) {
    return new WorkloadOptions(writers, statementsPerSecond, initialRows, duration, traits);
  }

  /** The same options with one more trait. */
  public WorkloadOptions with(Trait trait) {
    Set<Trait> more = EnumSet.of(trait);
    more.addAll(traits);
    return new WorkloadOptions(writers, statementsPerSecond, initialRows, longTransaction, more);
  }

  public boolean has(Trait trait) {
    return traits.contains(trait);
  }
}
