package io.zdmosc.harness.workload;

import static java.util.Objects.requireNonNull;

import io.zdmosc.harness.workload.model.Model;
import io.zdmosc.harness.workload.table.TableCase;
import io.zdmosc.harness.workload.writer.WriterPool;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * Many applications that write to one table in every awkward way at once, while it is migrated.
 *
 * <p>Guarantees: after {@link #stop} the model holds exactly the acknowledged transactions. Every
 * statement that failed, and every statement that touched or read other rows than the model says,
 * is in the report, except for errors that can only come from the table's new shape.
 *
 * <p>Typical use:
 *
 * <pre>{@code
 * try (Workload workload = Workload.start(url, tableCase, seed, WorkloadOptions.defaults())) {
 *   workload.awaitOperations(500, Duration.ofSeconds(30));
 *   migrate(tableCase.sourceName(), tableCase.change().alter());
 *   workload.stop();
 *   workload.report().assertNoErrors();
 *   ModelChecker.check(connection, tableCase.change().targetTable(), tableCase, workload.model())
 *       .assertClean();
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class Workload implements AutoCloseable {
  private final WriterPool pool;

  private Workload(WriterPool pool) {
    this.pool = pool;
  }

  /** Fills the table and starts the writers, which connect to the URL. */
  public static Workload start(String url, TableCase tableCase, long seed, WorkloadOptions options)
      throws SQLException {
    requireNonNull(url, "url is null");
    return start(() -> DriverManager.getConnection(url), tableCase, seed, options);
  }

  /** Fills the table and starts the writers. */
  public static Workload start(
      ConnectionSource source, TableCase tableCase, long seed, WorkloadOptions options)
      throws SQLException {
    requireNonNull(source, "source is null");
    return new Workload(WriterPool.start(source, tableCase, seed, options));
  }

  /** Returns what the table must hold; exact while paused or stopped. */
  public Model model() {
    return pool.model();
  }

  /** Returns when the writers have done so many more operations. */
  public void awaitOperations(long more, Duration timeout)
      throws InterruptedException, TimeoutException {
    long target = pool.operations() + more;
    long deadline = System.nanoTime() + timeout.toNanos();
    while (pool.operations() < target) {
      if (pool.ended() || System.nanoTime() > deadline) {
        throw new TimeoutException("writers did not do " + more + " more operations: " + report());
      }
      Thread.sleep(10);
    }
  }

  /** Returns how many operations the writers have done. */
  public long operations() {
    return pool.operations();
  }

  /** Returns whether the writers have ended, by {@link #stop} or at the new shape. */
  public boolean ended() {
    return pool.ended();
  }

  /** Returns when nobody writes; nobody does until {@link #resume}. */
  public void pause() throws InterruptedException {
    pool.pause();
  }

  public void resume() {
    pool.resume();
  }

  /** Ends the writers and returns when they are done. May be called again. */
  public WorkloadReport stop() throws InterruptedException {
    pool.stop();
    return report();
  }

  /** Returns what was done and seen so far. */
  public WorkloadReport report() {
    return pool.report();
  }

  @Override
  public void close() throws InterruptedException {
    pool.stop();
  }
}
