package io.zdmosc.engine.throttle;

import io.zdmosc.engine.concurrent.RunControl;
import java.time.Duration;
import java.util.List;

/** Asks signals for their figures once a second, on a thread of its own. */
public final class Sampler implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final List<? extends SampledSignal> signals;
  private final Runnable atTheEnd;
  private final RunControl control;
  private final RunControl own = new RunControl();
  private final Thread thread;

  /**
   * @param atTheEnd closes what the signals have in common
   * @param control hears of a failure that is not a signal's own
   */
  public Sampler(
      String name, List<? extends SampledSignal> signals, Runnable atTheEnd, RunControl control) {
    this.signals = List.copyOf(signals);
    this.atTheEnd = atTheEnd;
    this.control = control;
    this.thread = new Thread(this::run, "zdm-" + name);
    thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        long begin = System.nanoTime();
        for (SampledSignal signal : signals) {
          own.check();
          signal.sample();
        }
        long left = INTERVAL.toNanos() - (System.nanoTime() - begin);
        own.sleep(Duration.ofNanos(Math.max(0, left)));
      }
    } catch (RunControl.StopRequested e) {
      return; // closed
    } catch (RuntimeException | Error e) {
      failUnlessClosed(e);
    } finally {
      signals.forEach(SampledSignal::close);
      atTheEnd.run();
    }
  }

  /** By the next try nobody may hear of a failure of this one. */
  private synchronized void failUnlessClosed(Throwable thrown) {
    if (!own.isStopped()) {
      control.died(thrown);
    }
  }

  /** Does not wait for an answer that is still to come: the signals are closed behind it. */
  @Override
  public synchronized void close() {
    own.abort();
  }
}
