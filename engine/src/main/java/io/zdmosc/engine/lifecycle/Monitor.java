package io.zdmosc.engine.lifecycle;

import io.zdmosc.engine.concurrent.RunControl;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.guard.ServerGuard;
import io.zdmosc.engine.progress.Progress;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.Orders;
import io.zdmosc.engine.spi.SourceWatch;
import io.zdmosc.engine.stream.StreamFollower;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Watches a running migration from the side, once a second: how far the stream is behind, what the
 * server has to keep for it, whether the source's shape is still the same and the lease still ours.
 * Every other second it writes down how the migration stands, so that any machine can tell.
 *
 * <p>The lag in time is measured end to end by fences: the age of one that has been written but not
 * yet flushed. So it needs no clocks to agree.
 */
public final class Monitor implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final int SHAPE_EVERY = 5;
  private static final int REPORT_EVERY = 2;

  private final SourceWatch watch;
  private final ControlStore.Lease lease;
  private final StreamFollower follower;
  private final Consumer<Orders> orders;
  private final Supplier<Progress> present;
  private final Watched watched;
  private final RunControl control;
  private final RunControl own = new RunControl();
  private final Thread thread = new Thread(this::run, "zdm-monitor");
  private final ServerGuard guard;
  private int looks;
  private volatile long lagBytes;
  private volatile Optional<SourceWatch.ReplicaLag> slowestReplica = Optional.empty();
  private volatile StreamFollower.Fence probe;
  private volatile long lastLagMillis;
  private StreamFollower.Fence behindChange;

  /** Whose shape is watched, in words. */
  enum Watched {
    SOURCE(
        "The source table was changed while it was being migrated",
        "The source table is as that change left it.",
        "Run the migration again."),
    NEW_TABLE(
        "The new table was changed while the retired one was kept in step with it",
        "The new table serves, as that change left it.",
        "Take that change back and follow on, or end it: zdm-osc contract.");

    private final String changed;
    private final String state;
    private final String next;

    Watched(String changed, String state, String next) {
      this.changed = changed;
      this.state = state;
      this.next = next;
    }

    private MigrationFailedException failure(List<String> changes) {
      String remedy =
          this == NEW_TABLE ? "; this has to be taken back before it is followed on" : "";
      return new MigrationFailedException(
          changed + ": " + String.join("; ", changes) + remedy, state, next);
    }
  }

  Monitor(
      SourceWatch watch,
      ControlStore.Lease lease,
      StreamFollower follower,
      Consumer<Orders> orders,
      ServerGuard guard,
      Supplier<Progress> present,
      RunControl control,
      Watched watched) {
    this.present = present;
    this.watched = watched;
    this.orders = orders;
    this.watch = watch;
    this.lease = lease;
    this.follower = follower;
    this.control = control;
    this.guard = guard;
  }

  public void start() {
    thread.setDaemon(true);
    thread.start();
  }

  public long lagBytes() {
    return lagBytes;
  }

  /** The slowest replica's, as far as the server knows it. */
  public Optional<SourceWatch.ReplicaLag> slowestReplica() {
    return slowestReplica;
  }

  /**
   * How far the flushed state is behind the source, in milliseconds. Changes that are held until
   * the shadow's key index is there do not count.
   */
  public long lagMillis() {
    StreamFollower.Fence present = probe;
    if (present == null || present.isHandled()) {
      return lastLagMillis;
    }
    return Math.max(lastLagMillis, present.ageMillis());
  }

  @Override
  public void close() {
    own.abort();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    watch.close();
  }

  private void run() {
    try {
      for (int tick = 0; ; tick++) {
        look(tick % SHAPE_EVERY == 0);
        measureLag();
      }
    } catch (RunControl.StopRequested e) {
      return; // closed
    } catch (RuntimeException | Error e) {
      control.died(e);
    } finally {
      forgetChange();
    }
  }

  private void look(boolean shapeToo) {
    orders.accept(lease.check());
    lagBytes = watch.retainedLogBytes();
    slowestReplica = watch.slowestReplica();
    guard.look(); // before anything is written: on a full disk that may wait
    if (looks++ % REPORT_EVERY == 0) {
      lease.report(present.get());
    }
    if (shapeToo || behindChange != null) {
      lookAtShape();
    }
  }

  /**
   * A change of the new table that the stream cannot be read past is the stream's to tell, for then
   * there is no way back. Where it gets past the place, the change can be taken back.
   */
  private void lookAtShape() {
    List<String> changes = watch.shapeChanges();
    if (changes.isEmpty()) {
      forgetChange();
    } else if (watched == Watched.SOURCE || behindChange != null && behindChange.isOut()) {
      throw watched.failure(changes);
    } else if (behindChange == null) {
      behindChange = follower.fence();
    }
  }

  private void forgetChange() {
    if (behindChange != null) {
      behindChange.close();
      behindChange = null;
    }
  }

  private void measureLag() {
    try (StreamFollower.Fence fence = follower.fence()) {
      probe = fence;
      long next = System.nanoTime() + INTERVAL.toNanos();
      while (!fence.isHandled() && System.nanoTime() - next < 0) {
        own.sleep(Duration.ofMillis(5));
      }
      for (int tick = 1; !fence.isHandled(); tick++) {
        own.sleep(Duration.ofMillis(200));
        if (tick % 5 == 0) {
          look(tick % (5 * SHAPE_EVERY) == 0);
        }
      }
      lastLagMillis = fence.ageMillis();
      long left = next - System.nanoTime();
      own.sleep(Duration.ofNanos(Math.max(0, left)));
    }
  }
}
