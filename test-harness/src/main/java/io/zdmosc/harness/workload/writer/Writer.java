package io.zdmosc.harness.workload.writer;

import io.zdmosc.harness.workload.LatencyRecorder;
import io.zdmosc.harness.workload.WorkloadError;
import io.zdmosc.harness.workload.WorkloadOptions.Trait;
import io.zdmosc.harness.workload.table.Conflict;
import io.zdmosc.harness.workload.table.Shape;
import io.zdmosc.harness.workload.table.SqlDialect;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;

/**
 * A thread that writes.
 *
 * <p>Its n-th operation makes the same decisions whenever it runs with the same seed, whatever the
 * others do, as far as the same rows are there.
 */
final class Writer implements Runnable {
  private static final int MOST_TRIES = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** A server that was killed recovers slowly on a machine that is busy with other things. */
  private static final Duration SERVER_PATIENCE = Duration.ofMinutes(4);

  private final String name;
  private final long seed;
  private final WriterKind kind;
  private final Shared shared;
  private final Session session;
  private final Desk desk;
  private final ShapeWatch watch;
  private final Tally tally;
  private final LatencyRecorder latencies;
  private boolean newShape;

  Writer(
      String name,
      long seed,
      WriterKind kind,
      Shared shared,
      Session session,
      Desk desk,
      ShapeWatch watch,
      Tally tally,
      LatencyRecorder latencies) {
    this.name = name;
    this.seed = seed;
    this.kind = kind;
    this.shared = shared;
    this.session = session;
    this.desk = desk;
    this.watch = watch;
    this.tally = tally;
    this.latencies = latencies;
  }

  String name() {
    return name;
  }

  LatencyRecorder latencies() {
    return latencies;
  }

  /** Cuts the connection of a writer that does not come back. */
  void abort() {
    session.abort();
  }

  @Override
  public void run() {
    try {
      for (long n = 0; shared.control().proceed(); n++) {
        long start = System.nanoTime();
        long statements = session.statements();
        operate(n);
        keepPace(start, session.statements() - statements);
      }
    } finally {
      session.close();
      shared.control().leave();
    }
  }

  /** Tries again, as an application would, when the server asks for it. */
  private void operate(long n) {
    for (int tries = 1; !tryToOperate(n, tries == MOST_TRIES); tries++) {
      Pause.millis(tries);
    }
  }

  /** Returns whether it is done, or gone wrong; a conflict goes wrong at the last try. */
  private boolean tryToOperate(long n, boolean last) {
    Random random = new Random(seed * 0x5DEECE66DL + n * 0x9E3779B97F4A7C15L);
    Operation operation = kind.choose(random);
    try {
      operation.action().run(desk, random);
      tally.operation(operation.name());
      shared.control().countOperation();
    } catch (SQLException e) {
      Optional<Conflict> conflict = shared.tableCase().dialect().conflict(e);
      conflict.ifPresent(tally::conflict);
      if (conflict.isPresent() && !last) {
        return false;
      }
      handle(operation, e);
    } catch (RuntimeException e) {
      report(operation, null, e.toString());
    }
    return true;
  }

  private void handle(Operation operation, SQLException error) {
    SqlDialect dialect = shared.tableCase().dialect();
    try {
      if (dialect.isConnectionLoss(error)) {
        lost(operation, error);
      } else if (dialect.isReplanning(error)) {
        tally.replanning();
      } else if (!dialect.isShapeError(error) || !switchShape()) {
        report(operation, error.getSQLState(), error.getMessage());
      }
    } catch (SQLException e) {
      e.addSuppressed(error);
      report(operation, e.getSQLState(), "after " + error.getMessage() + ": " + e.getMessage());
    }
  }

  private void lost(Operation operation, SQLException error) throws SQLException {
    if (shared.options().has(Trait.FAULTS_EXPECTED)) {
      tally.connectionLoss();
    } else {
      report(operation, error.getSQLState(), error.getMessage());
    }
    long deadline = System.nanoTime() + SERVER_PATIENCE.toNanos();
    while (!session.connection().isValid(1)) {
      try {
        session.reopen();
      } catch (SQLException e) {
        if (System.nanoTime() > deadline || shared.control().ended()) {
          throw e;
        }
        Pause.millis(50);
      }
    }
  }

  /** Returns whether the table has its new shape, and this writer did not know. */
  private boolean switchShape() throws SQLException {
    if (newShape || !awaitNewShape()) {
      return false;
    }
    newShape = true;
    tally.shapeSwitch();
    boolean goOn =
        shared.options().has(Trait.GO_ON_AFTER_CHANGE)
            && shared.tableCase().change().writersMayGoOn();
    if (goOn) {
      session.reopen();
      desk.useShape(Shape.after(shared.tableCase().change()));
    } else {
      shared.control().end();
    }
    return true;
  }

  /** A change of several steps may be seen half done; this waits for its end. */
  private boolean awaitNewShape() throws SQLException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    ShapeWatch.Seen seen = watch.look(session.connection());
    while (seen == ShapeWatch.Seen.NEITHER
        && System.nanoTime() < deadline
        && !shared.control().ended()) {
      Pause.millis(20);
      seen = watch.look(session.connection());
    }
    return seen != ShapeWatch.Seen.BEFORE;
  }

  private void report(Operation operation, String sqlState, String message) {
    String statement = session.lastStatement();
    tally.error(
        new WorkloadError(
            name,
            operation.name(),
            sqlState,
            message,
            statement.length() > 400 ? statement.substring(0, 400) + "..." : statement,
            Instant.now()));
  }

  private void keepPace(long start, long statements) {
    int rate = shared.options().statementsPerSecond();
    if (rate > 0) {
      long due = statements * 1_000_000_000L / rate;
      Pause.millis((due - (System.nanoTime() - start)) / 1_000_000);
    }
  }
}
