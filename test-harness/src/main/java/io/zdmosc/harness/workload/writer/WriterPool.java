package io.zdmosc.harness.workload.writer;

import io.zdmosc.harness.workload.ConnectionSource;
import io.zdmosc.harness.workload.LatencyRecorder;
import io.zdmosc.harness.workload.LatencySummary;
import io.zdmosc.harness.workload.WorkloadOptions;
import io.zdmosc.harness.workload.WorkloadOptions.Trait;
import io.zdmosc.harness.workload.WorkloadReport;
import io.zdmosc.harness.workload.model.Model;
import io.zdmosc.harness.workload.table.Conflict;
import io.zdmosc.harness.workload.table.TableCase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The threads of a workload. Thread-safe. */
public final class WriterPool {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final long seed;
  private final Shared shared;
  private final Tally tally = new Tally();
  private final List<Writer> writers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  private WriterPool(TableCase tableCase, long seed, WorkloadOptions options) {
    this.seed = seed;
    this.shared = new Shared(tableCase, options);
  }

  /** Creates and fills the table as the options say, and starts the threads. */
  public static WriterPool start(
      ConnectionSource source, TableCase tableCase, long seed, WorkloadOptions options)
      throws SQLException {
    WriterPool pool = new WriterPool(tableCase, seed, options);
    try (Connection connection = source.open()) {
      if (!options.has(Trait.TABLE_EXISTS)) {
        tableCase.create(connection);
      }
      if (options.has(Trait.FAULTS_EXPECTED)) {
        tableCase.dialect().createLedger(connection);
      }
      ShapeWatch watch = new ShapeWatch(connection, tableCase);
      InitialRows.insert(pool.shared, source, seed);
      for (int i = 0; i < options.writers(); i++) {
        pool.add(i, source, watch);
      }
    }
    pool.writers.forEach(pool::startThread);
    return pool;
  }

  private void add(int owner, ConnectionSource source, ShapeWatch watch) throws SQLException {
    WriterKind kind = WriterKind.ALL.get(owner % WriterKind.ALL.size());
    boolean asynchronous =
        kind.asynchronousCommit() && !shared.options().has(Trait.SYNCHRONOUS_COMMIT_ONLY);
    Optional<String> greeting = shared.tableCase().dialect().greeting(owner, asynchronous);
    LatencyRecorder latencies = new LatencyRecorder();
    Session session = new Session(source, latencies, greeting);
    writers.add(
        new Writer(
            "writer-" + owner + "-" + kind.name(),
            seed * 1_000 + owner,
            kind,
            shared,
            session,
            new Desk(shared, owner, session),
            watch,
            tally,
            latencies));
  }

  private void startThread(Writer writer) {
    shared.control().enter();
    Thread thread = new Thread(writer, writer.name());
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  public Model model() {
    return shared.model();
  }

  /** Returns how many operations were done so far. */
  public long operations() {
    return shared.control().operations();
  }

  /** Returns whether the writers were told to end, by {@link #stop} or by the new shape. */
  public boolean ended() {
    return shared.control().ended();
  }

  /** Returns when no writer is within an operation; none begins another until resumed. */
  public void pause() throws InterruptedException {
    shared.control().pause();
  }

  public void resume() {
    shared.control().resume();
  }

  /**
   * Ends all writers after their present operation. One that does not come back within a minute has
   * its connection cut, and what it was doing is unresolved.
   */
  public void stop() throws InterruptedException {
    shared.control().end();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (int i = 0; i < threads.size(); i++) {
      long left = Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
      threads.get(i).join(left);
      if (threads.get(i).isAlive()) {
        writers.get(i).abort();
        threads.get(i).join();
      }
    }
  }

  public WorkloadReport report() {
    LatencyRecorder all = new LatencyRecorder();
    Map<String, LatencySummary> perWriter = new TreeMap<>();
    for (Writer writer : writers) {
      all.add(writer.latencies());
      perWriter.put(writer.name(), writer.latencies().summary());
    }
    return new WorkloadReport(
        seed,
        tally.operations(),
        tally.errors(),
        tally.errorCount(),
        tally.shapeSwitches(),
        tally.replannings(),
        tally.conflicts(Conflict.DEADLOCK),
        tally.conflicts(Conflict.LOCK_WAIT),
        tally.connectionLosses(),
        shared.committer().resolved(),
        all.summary(),
        perWriter);
  }
}
