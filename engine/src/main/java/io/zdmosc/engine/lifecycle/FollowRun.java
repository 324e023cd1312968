package io.zdmosc.engine.lifecycle;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.copy.Frontier;
import io.zdmosc.engine.copy.RangeCursor;
import io.zdmosc.engine.cutover.Backoff;
import io.zdmosc.engine.cutover.CutOverCoordinator;
import io.zdmosc.engine.cutover.CutOverResult;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.error.ZdmException;
import io.zdmosc.engine.guard.ServerGuard;
import io.zdmosc.engine.progress.PhaseMeter;
import io.zdmosc.engine.progress.Progress;
import io.zdmosc.engine.spi.Chunk;
import io.zdmosc.engine.spi.ChunkPlanner;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.KeyRange;
import io.zdmosc.engine.spi.Orders;
import io.zdmosc.engine.spi.SourceWatch;
import io.zdmosc.engine.stream.Delta;
import io.zdmosc.engine.stream.KeyIndex;
import io.zdmosc.engine.throttle.Throttle;
import io.zdmosc.engine.verify.VerifyReport;
import io.zdmosc.engine.window.Gate;
import io.zdmosc.engine.window.Hours;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Keeps the retired table in step with the new one, which serves, until it is told how to end.
 *
 * <p>It is the machinery of the way there with source and target exchanged, and with everything
 * copied from the start. A row that does not fit into the retired table does not end it: its key
 * waits and is tried again, and only the way back is barred as long as there is one.
 */
final class FollowRun implements AutoCloseable {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
  private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(5);
  private static final long RANGE_ROWS = 50_000;
  private static final Chunk EVERYTHING = new Chunk(1, new KeyRange(null, null));
  private static final String FOLLOWING = "the retired table is kept in step";

  private final RunContext context;
  private final ControlStore store;
  private final boolean endWhenRefused;
  private final LiveStream live;
  private final Monitor monitor;
  private final Gate always = new Gate(Hours.ALWAYS.workWindows(), InstantSource.system());
  private volatile Orders orders = Orders.NONE;
  private volatile PhaseMeter meter = new PhaseMeter(0);
  private volatile String detail = FOLLOWING;
  private volatile int threads = 1;
  private String reported = "";
  private long reportedNanos = System.nanoTime();

  /**
   * @param context with the way back as its change
   * @param endWhenRefused whether a rollback that is refused ends this, or the table is followed on
   */
  FollowRun(RunContext context, ControlStore store, boolean endWhenRefused) {
    this.context = context;
    this.store = store;
    this.endWhenRefused = endWhenRefused;
    this.live =
        new LiveStream(
            context.change(),
            new Frontier(List.of(EVERYTHING)),
            new KeyIndex(Optional.empty(), 1, 0, () -> false),
            () -> 1,
            context.control());
    try {
      SourceWatch watch = context.change().openWatch();
      this.monitor =
          new Monitor(
              watch,
              context.lease(),
              live.follower(),
              present -> orders = present,
              guard(watch),
              this::progress,
              context.control(),
              Monitor.Watched.NEW_TABLE);
    } catch (RuntimeException e) {
      live.close();
      throw e;
    }
  }

  private ServerGuard guard(SourceWatch watch) {
    return ServerGuard.ofFollowing(
        watch,
        context.options().guards(),
        context.listener()::onNote,
        "following goes on. If the way back is not needed any more, zdm-osc contract --id "
            + context.lease().migrationId()
            + " gives the room of the retired table free");
  }

  /**
   * How it ended.
   *
   * @param cutOver of the way back; empty where the retired table is to go
   */
  record End(
      Orders.Ending ending,
      long changesApplied,
      long verifiedRows,
      long divergentRows,
      Optional<CutOverResult> cutOver) {}

  /** Returns when the old table serves again, or when the retired one is to be dropped. */
  End run() {
    live.start();
    monitor.start();
    say(FOLLOWING);
    try (ProgressTicker ticker = new ProgressTicker(this::progress, context.listener())) {
      while (true) {
        Optional<Orders.Ending> wanted = orders.ending();
        Optional<End> end = wanted.flatMap(this::end);
        if (end.isPresent()) {
          return end.get();
        }
        reportWaiting();
        context.control().sleep(LOOK_AGAIN);
      }
    }
  }

  private Optional<End> end(Orders.Ending wanted) {
    if (!wanted.isRollback()) {
      return Optional.of(new End(wanted, live.flushLoop().applied(), 0, 0, Optional.empty()));
    }
    try {
      return Optional.of(rollBack(wanted));
    } catch (ZdmException e) {
      if (context.control().failure().isPresent()
          || e instanceof MigrationFailedException failed && failed.isPassing()) {
        throw e;
      }
      refused(e);
      return Optional.empty();
    }
  }

  /** The new table serves on, and the order is withdrawn: it would be refused again and again. */
  private void refused(ZdmException why) {
    store.order(context.lease().migrationId(), present -> present.ending(Optional.empty()));
    orders = orders.ending(Optional.empty());
    if (endWhenRefused) {
      throw why;
    }
    context.listener().onNote("the rollback was refused: " + why.getMessage());
    say("the rollback was refused: " + why.getMessage());
    detail = FOLLOWING;
    reported = waiting(); // the refusal says it
  }

  private End rollBack(Orders.Ending wanted) {
    say("rollback: catching up");
    live.retryStuck();
    live.catchUp();
    live.flushLoop().checkEachBatch();
    context.change().builds(context.options().indexMemoryBytes()); // marks the end of the copy
    say("rollback: verifying");
    StatisticsTask statistics = new StatisticsTask(context.change());
    VerifyReport report = verify();
    statistics.await();
    live.catchUp();
    say("rollback: cutting over");
    CutOverResult result = cutOver();
    return new End(
        wanted,
        live.flushLoop().applied(),
        report.rows(),
        report.divergent().size(),
        Optional.of(result));
  }

  private VerifyReport verify() {
    meter = new PhaseMeter(context.plan().size().rows());
    threads = wanted();
    try {
      return new VerifyPhase(context, live, ranges(), this::wanted, new Throttle(List.of()))
          .run(meter);
    } finally {
      meter = new PhaseMeter(0);
      threads = 1;
    }
  }

  /** Threads, as ordered or else as the migration was begun with. */
  private int wanted() {
    return orders.threads().orElse(context.options().threads());
  }

  /** There was no copy in this direction, so the ranges are made for the purpose. */
  private List<KeyRange> ranges() {
    List<KeyRange> ranges = new ArrayList<>();
    try (ChunkPlanner planner = context.change().openPlanner()) {
      long rows = Math.min(RANGE_ROWS, planner.maxRows(context.options().threads()));
      RangeCursor cursor = new RangeCursor(planner, () -> rows);
      for (Optional<KeyRange> range = cursor.next(); range.isPresent(); range = cursor.next()) {
        context.control().check();
        ranges.add(range.get());
      }
    }
    return ranges;
  }

  private CutOverResult cutOver() {
    Backoff backoff =
        new Backoff(
            Duration.ofMillis(500), Duration.ofSeconds(15), RandomGenerator.of("L64X128MixRandom"));
    return new CutOverCoordinator(
            context.change(),
            live,
            context.control(),
            context.listener(),
            context.options().cutOverBudget(),
            backoff,
            always,
            context.hooks()::beforeCutOver)
        .run(context.options().cutOverAttempts());
  }

  /** The durable state stays: it says which table serves. Its detail says what is being done. */
  private void say(String words) {
    context.enter(MigrationState.SWAPPED, words);
    detail = words.startsWith(FOLLOWING) ? FOLLOWING : words;
  }

  /** Keys that wait are written down for whoever asks for the status, when they have changed. */
  private void reportWaiting() {
    String words = waiting();
    long now = System.nanoTime();
    boolean due = now - reportedNanos > BETWEEN_REPORTS.toNanos();
    if (!words.equals(reported) && (due || words.isEmpty() || reported.isEmpty())) {
      reported = words;
      reportedNanos = now;
      say(FOLLOWING + words);
    }
  }

  private String waiting() {
    List<Delta.StuckKey> stuck = live.conflicts();
    return stuck.isEmpty() ? "" : "; " + LiveStream.waiting(stuck);
  }

  private Progress progress() {
    PhaseMeter present = meter;
    return new Progress(
        MigrationState.SWAPPED,
        present.done(),
        present.total(),
        present.rowsPerSecond(),
        present.etaSeconds(),
        monitor.lagBytes(),
        monitor.lagMillis(),
        live.delta().size(),
        live.flushLoop().applied(),
        0,
        0,
        threads,
        "",
        detail + (detail.equals(FOLLOWING) ? waiting() : ""),
        Optional.empty());
  }

  @Override
  public void close() {
    monitor.close();
    live.close();
  }
}
