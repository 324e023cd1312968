package io.zdmosc.engine;

import static java.util.Objects.requireNonNull;

import io.zdmosc.engine.guard.Guards;
import io.zdmosc.engine.hook.HookSettings;
import io.zdmosc.engine.throttle.Throttling;
import io.zdmosc.engine.window.Hours;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How a migration is run.
 *
 * @param threads connections that copy, build indexes and verify at the same time, and that flush
 *     where one does not keep up
 * @param chunkTime the time that one chunk should take; its size in rows is adapted to it
 * @param maxLag the change stream's lag above which the copy stands still
 * @param cutOverBudget the longest time that the application may be held by one attempt
 * @param cutOverAttempts how often the cut-over is tried, one attempt after another
 * @param afterAttempts what becomes of the migration when none of them succeeded
 * @param retire what becomes of the retired table
 * @param dryRun how much is done without changing the source table
 * @param indexMemoryBytes working memory of one index build
 * @param heldKeys how many changed keys may wait for the shadow's key index, which is built in bulk
 *     after the copy as long as they are fewer; 0 builds it before the copy
 * @param retryTime how long it is tried to go on after a lost connection, a restart of the server,
 *     or another failure that passes; 0 to end at the first, and remove what was built
 * @param postponeCutOver whether the cut-over waits for an order
 * @param hours when it may work and swap; the change stream is followed always
 * @param throttling what it gives way to
 * @param guards when it gives up rather than hurt the server
 * @param hooks programs that are called when it comes to something
 */
public record RunOptions(
    int threads,
    Duration chunkTime,
    Duration maxLag,
    Duration cutOverBudget,
    int cutOverAttempts,
    AfterAttempts afterAttempts,
    Retire retire,
    DryRun dryRun,
    long indexMemoryBytes,
    int heldKeys,
    Duration retryTime,
    boolean postponeCutOver,
    Hours hours,
    Throttling throttling,
    Guards guards,
    Optional<HookSettings> hooks) {

  /** The most threads that there can be. */
  public static final int MAX_THREADS = 64;

  public RunOptions {
    requireNonNull(chunkTime, "chunkTime is null");
    requireNonNull(maxLag, "maxLag is null");
    requireNonNull(cutOverBudget, "cutOverBudget is null");
    requireNonNull(retryTime, "retryTime is null");
    requireNonNull(afterAttempts, "afterAttempts is null");
    requireNonNull(retire, "retire is null");
    requireNonNull(hours, "hours is null");
    requireNonNull(throttling, "throttling is null");
    requireNonNull(guards, "guards is null");
    requireNonNull(hooks, "hooks is null");
    requireNonNull(dryRun, "dryRun is null");
    check(threads >= 1 && threads <= MAX_THREADS, "threads must be from 1 to " + MAX_THREADS);
    check(atLeast(chunkTime, 10), "chunk time must be at least 10 ms");
    check(atLeast(maxLag, 100), "max lag must be at least 100 ms");
    check(atLeast(cutOverBudget, 50), "cut-over budget must be at least 50 ms");
    check(cutOverAttempts >= 1, "cut-over attempts must be at least 1");
    check(indexMemoryBytes >= 1L << 20, "index memory must be at least 1 MB");
    check(!retryTime.isNegative(), "retry time must not be negative");
    check(heldKeys >= 0, "held keys must be at least 0");
  }

  /** The defaults: two threads, chunks of 500 ms, a lag of 10 s, a budget of 500 ms. */
  public static RunOptions defaults() {
    return new RunOptions(
        2,
        Duration.ofMillis(500),
        Duration.ofSeconds(10),
        Duration.ofMillis(500),
        60,
        AfterAttempts.WAIT,
        Retire.KEEP,
        DryRun.NONE,
        64L << 20,
        100_000,
        Duration.ofMinutes(10),
        false,
        Hours.ALWAYS,
        Throttling.NONE,
        Guards.DEFAULT,
        Optional.empty());
  }

  public RunOptions withThreads(int value) {
    return with(draft -> draft.threads = value);
  }

  public RunOptions withChunkTime(Duration value) {
    return with(draft -> draft.chunkTime = value);
  }

  public RunOptions withMaxLag(Duration value) {
    return with(draft -> draft.maxLag = value);
  }

  public RunOptions withCutOverBudget(Duration value) {
    return with(draft -> draft.cutOverBudget = value);
  }

  public RunOptions withCutOverAttempts(int value) {
    return with(draft -> draft.cutOverAttempts = value);
  }

  public RunOptions withAfterAttempts(AfterAttempts value) {
    return with(draft -> draft.afterAttempts = value);
  }

  public RunOptions withRetire(Retire value) {
    return with(draft -> draft.retire = value);
  }

  public RunOptions withDryRun(DryRun value) {
    return with(draft -> draft.dryRun = value);
  }

  public RunOptions withIndexMemoryBytes(long value) {
    return with(draft -> draft.indexMemoryBytes = value);
  }

  public RunOptions withHeldKeys(int value) {
    return with(draft -> draft.heldKeys = value);
  }

  public RunOptions withRetryTime(Duration value) {
    return with(draft -> draft.retryTime = value);
  }

  public RunOptions withPostponeCutOver(boolean value) {
    return with(draft -> draft.postponeCutOver = value);
  }

  public RunOptions withHours(Hours value) {
    return with(draft -> draft.hours = value);
  }

  public RunOptions withThrottling(Throttling value) {
    return with(draft -> draft.throttling = value);
  }

  public RunOptions withGuards(Guards value) {
    return with(draft -> draft.guards = value);
  }

  public RunOptions withHooks(HookSettings value) {
    return with(draft -> draft.hooks = Optional.of(value));
  }

  private RunOptions with(Consumer<Draft> edit) {
    Draft draft = new Draft(this);
    edit.accept(draft);
    return draft.options();
  }

  /** Whether a failure that passes does not end the migration, nor removes what was built. */
  public boolean goesOn() {
    return dryRun == DryRun.NONE && !retryTime.isZero();
  }

  private static boolean atLeast(Duration value, long millis) {
    return value.compareTo(Duration.ofMillis(millis)) >= 0;
  }

  private static void check(boolean valid, String message) {
    if (!valid) {
      throw new IllegalArgumentException(message);
    }
  }

  /** Options on their way from one value to the next. */
  private static final class Draft {
    private int threads;
    private Duration chunkTime;
    private Duration maxLag;
    private Duration cutOverBudget;
    private int cutOverAttempts;
    private AfterAttempts afterAttempts;
    private Retire retire;
    private DryRun dryRun;
    private long indexMemoryBytes;
    private int heldKeys;
    private Duration retryTime;
    private boolean postponeCutOver;
    private Hours hours;
    private Throttling throttling;
    private Guards guards;
    private Optional<HookSettings> hooks;

    private Draft(RunOptions from) {
      threads = from.threads;
      chunkTime = from.chunkTime;
      maxLag = from.maxLag;
      cutOverBudget = from.cutOverBudget;
      cutOverAttempts = from.cutOverAttempts;
      afterAttempts = from.afterAttempts;
      retire = from.retire;
      dryRun = from.dryRun;
      indexMemoryBytes = from.indexMemoryBytes;
      heldKeys = from.heldKeys;
      retryTime = from.retryTime;
      postponeCutOver = from.postponeCutOver;
      hours = from.hours;
      throttling = from.throttling;
      guards = from.guards;
      hooks = from.hooks;
    }

    private RunOptions options() {
      return new RunOptions(
          threads,
          chunkTime,
          maxLag,
          cutOverBudget,
          cutOverAttempts,
          afterAttempts,
          retire,
          dryRun,
          indexMemoryBytes,
          heldKeys,
          retryTime,
          postponeCutOver,
          hours,
          throttling,
          guards,
          hooks);
    }
  }
}
