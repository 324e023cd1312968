package io.zdmosc.engine.lifecycle;

import io.zdmosc.engine.DryRun;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.copy.ChunkSizer;
import io.zdmosc.engine.copy.Copier;
import io.zdmosc.engine.copy.Frontier;
import io.zdmosc.engine.cutover.Backoff;
import io.zdmosc.engine.cutover.CutOverCoordinator;
import io.zdmosc.engine.cutover.CutOverResult;
import io.zdmosc.engine.guard.ServerGuard;
import io.zdmosc.engine.progress.PhaseMeter;
import io.zdmosc.engine.progress.Progress;
import io.zdmosc.engine.spi.ChunkPlanner;
import io.zdmosc.engine.spi.CopiedChunk;
import io.zdmosc.engine.spi.SourceWatch;
import io.zdmosc.engine.stream.KeyIndex;
import io.zdmosc.engine.throttle.LimitSignal;
import io.zdmosc.engine.throttle.SlowestReplica;
import io.zdmosc.engine.throttle.Throttle;
import io.zdmosc.engine.throttle.ThrottleSignal;
import io.zdmosc.engine.verify.VerifyReport;
import io.zdmosc.engine.window.Gate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/** The phases with the change stream open: copy, indexes, catching up, verification, cut-over. */
final class LiveRun implements AutoCloseable {
  private static final long FIRST_CHUNK_ROWS = 2_000;

  /** What the server may have to keep for the sake of held keys. */
  private static final long HELD_LOG_BYTES = 2L << 30;

  private final RunContext context;
  private final List<CopiedChunk> copiedBefore;
  private final Frontier frontier;
  private final LiveStream live;
  private final Monitor monitor;
  private final ServerGuard guard;
  private final Steering steering;
  private final LoadSignals load;
  private final Throttle throttle;
  private final Throttle verifyThrottle;
  private final ChunkSizer sizer;
  private final Gate work;
  private final Gate swap;
  private final WorkForecast forecast;
  private volatile MigrationState state = MigrationState.PREPARED;
  private volatile PhaseMeter meter = new PhaseMeter(0);
  private volatile String detail = "";

  LiveRun(RunContext context) {
    this.context = context;
    RunOptions options = context.options();
    this.work = new Gate(options.hours().workWindows(), InstantSource.system());
    this.swap = new Gate(options.hours().cutOverWindows(), InstantSource.system());
    this.copiedBefore = context.change().copied();
    this.frontier = new Frontier(copiedBefore.stream().map(CopiedChunk::chunk).toList());
    this.steering = new Steering(options, context.listener(), context.control());
    this.sizer = new ChunkSizer(steering::chunkTime, FIRST_CHUNK_ROWS, maxChunkRows());
    this.forecast = new WorkForecast(sizer, work, steering::threads);
    this.live =
        new LiveStream(
            context.change(), frontier, keyIndex(options), steering::threads, context.control());
    try {
      SourceWatch watch = context.change().openWatch();
      this.guard = new ServerGuard(watch, options.guards(), context.listener()::onNote);
      this.monitor =
          new Monitor(
              watch,
              context.lease(),
              live.follower(),
              steering::hear,
              guard,
              this::progress,
              context.control(),
              Monitor.Watched.SOURCE);
    } catch (RuntimeException e) {
      live.close();
      throw e;
    }
    this.load =
        new LoadSignals(
            context.database(),
            context.lease().migrationId(),
            options.throttling(),
            steering::limits,
            steering::replicaLag);
    this.throttle = new Throttle(signals());
    List<ThrottleSignal> whileVerifying = new ArrayList<>(load.server());
    whileVerifying.add(work);
    this.verifyThrottle = new Throttle(whileVerifying);
  }

  private KeyIndex keyIndex(RunOptions options) {
    return new KeyIndex(
        context.change().keyIndex(options.indexMemoryBytes()),
        options.threads(),
        options.heldKeys(),
        () -> monitor.lagBytes() > HELD_LOG_BYTES || guard.isUrgent());
  }

  /** The largest chunk for as many threads as are wanted at the moment. */
  private LongSupplier maxChunkRows() {
    try (ChunkPlanner planner = context.change().openPlanner()) {
      long[] rows =
          LongStream.rangeClosed(1, RunOptions.MAX_THREADS)
              .map(n -> planner.maxRows((int) n))
              .toArray();
      return () -> rows[steering.threads() - 1];
    }
  }

  private List<ThrottleSignal> signals() {
    List<ThrottleSignal> signals = new ArrayList<>(List.of(steering, work));
    signals.addAll(load.server());
    signals.addAll(load.replicas());
    signals.add(
        new LimitSignal(
            monitor::lagMillis,
            () -> steering.maxLag().toMillis(),
            v -> "change stream " + v + " ms behind"));
    signals.add(new SlowestReplica(monitor::slowestReplica, steering::replicaLag));
    signals.addAll(guard.signals());
    signals.add(
        new LimitSignal(
            () -> live.delta().waiting(),
            live.delta().capacity(),
            v -> v + " changed keys wait to be flushed"));
    return signals;
  }

  /** Runs every phase up to the cut-over, or short of it for a full dry run. */
  RunOutcome run() {
    live.start();
    monitor.start();
    load.start(context.control());
    try (ProgressTicker ticker = new ProgressTicker(this::progress, context.listener())) {
      long copied = copy();
      steering.awaitGo();
      buildIndexes();
      enter(MigrationState.CATCHING_UP, "", 0);
      live.catchUp();
      live.flushLoop().checkEachBatch();
      steering.awaitGo();
      StatisticsTask statistics = new StatisticsTask(context.change());
      VerifyReport report = verify();
      statistics.await();
      live.catchUp();
      enter(MigrationState.READY, "", 0);
      if (context.options().dryRun() == DryRun.FULL) {
        lateBuilds(MigrationState.READY).run();
        return outcome(copied, report, new CutOverResult(0, 0));
      }
      steering.awaitCutOver();
      return outcome(copied, report, cutOver().run());
    }
  }

  private RunOutcome outcome(long copied, VerifyReport report, CutOverResult result) {
    return new RunOutcome(
        copied, live.flushLoop().applied(), report.rows(), report.divergent().size(), result);
  }

  private long copy() {
    long before = copiedBefore.stream().mapToLong(CopiedChunk::rows).sum();
    if (frontier.layout().allCopied()) {
      return before;
    }
    enter(MigrationState.COPYING, "", context.plan().size().rows());
    meter.goOnFrom(before);
    new Copier(context.change(), frontier, sizer, throttle, meter, context.control())
        .run(steering::threads);
    return meter.done();
  }

  private void buildIndexes() {
    if (live.keyIndex().isThere() || live.delta().held() > 0) {
      live.catchUp(); // so that unique indexes meet as few stale rows as can be
    }
    enter(MigrationState.INDEXING, "", 0);
    new IndexPhase(context, live, steering::threads, work).run(words -> detail = words);
  }

  private VerifyReport verify() {
    enter(MigrationState.VERIFYING, "", 0);
    meter.total(context.plan().size().rows());
    return new VerifyPhase(context, live, frontier.ranges(), steering::threads, verifyThrottle)
        .run(meter);
  }

  private LateBuilds lateBuilds(MigrationState during) {
    return new LateBuilds(
        () -> context.change().lateBuilds(context.options().indexMemoryBytes()),
        context.control(),
        steering::threads,
        words -> enter(during, words, 0),
        System::nanoTime);
  }

  private CutOverRounds cutOver() {
    LateBuilds late = lateBuilds(MigrationState.CUTTING_OVER);
    Backoff backoff =
        new Backoff(
            Duration.ofMillis(500), Duration.ofSeconds(15), RandomGenerator.of("L64X128MixRandom"));
    CutOverCoordinator coordinator =
        new CutOverCoordinator(
            context.change(),
            live,
            context.control(),
            context.listener(),
            context.options().cutOverBudget(),
            backoff,
            swap,
            attempt -> vetoOrBuild(attempt, late));
    return new CutOverRounds(
        context, coordinator, steering, swap, (next, words) -> enter(next, words, 0));
  }

  private String vetoOrBuild(int attempt, LateBuilds late) {
    String veto = context.hooks().beforeCutOver(attempt);
    if (veto.isEmpty()) {
      late.runWithin(swap);
    }
    return veto;
  }

  private void enter(MigrationState next, String words, long rows) {
    context.enter(next, words);
    meter = new PhaseMeter(rows);
    forecast.begin();
    detail = words;
    state = next;
  }

  private Progress progress() {
    PhaseMeter present = meter;
    List<String> words = new ArrayList<>();
    words.add(detail);
    long seconds = forecast.seconds(state, present);
    words.add(work.forecast(seconds));
    live.delta().stuck().stream()
        .limit(1)
        .forEach(stuck -> words.add("key " + stuck.key() + " waits: " + stuck.reason()));
    return new Progress(
        state,
        present.done(),
        present.total(),
        present.rowsPerSecond(),
        present.etaSeconds(),
        monitor.lagBytes(),
        monitor.lagMillis(),
        live.delta().size(),
        live.flushLoop().applied(),
        sizer.p90Millis(),
        sizer.rows(),
        threads(),
        waiting(),
        String.join("; ", words.stream().filter(w -> !w.isEmpty()).toList()),
        swaps() ? swap.outlook(-1) : work.outlook(seconds));
  }

  private int threads() {
    boolean many = state == MigrationState.COPYING || state == MigrationState.VERIFYING;
    return many ? steering.threads() : 1;
  }

  private String waiting() {
    return switch (state) {
      case COPYING -> throttle.reason();
      case INDEXING -> work.reason();
      case VERIFYING -> verifyThrottle.reason();
      case READY -> steering.waitsForCutOver();
      case CUTTING_OVER -> swap.reason();
      default -> "";
    };
  }

  private boolean swaps() {
    return state == MigrationState.READY || state == MigrationState.CUTTING_OVER;
  }

  @Override
  public void close() {
    load.close();
    monitor.close();
    live.close();
  }
}
