package io.zdmosc.engine.concurrent;

import java.util.ArrayList;
import java.util.List;

/**
 * Runs the same kind of work on several threads and waits for all of them.
 *
 * <p>Guarantees: {@link #run} returns after every thread has ended. When one fails, the run's
 * {@link RunControl} hears of it, so that the others stop at their next check, and the failure is
 * thrown here.
 */
public final class Workers {
  private Workers() {}

  public static void run(String name, int threads, RunControl control, Runnable work) {
    List<Thread> started = new ArrayList<>();
    for (int i = 1; i <= threads; i++) {
      Thread thread = new Thread(() -> guarded(control, work), "zdm-" + name + "-" + i);
      thread.setDaemon(true);
      thread.start();
      started.add(thread);
    }
    boolean interrupted = false;
    for (Thread thread : started) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
          control.abort();
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    control.check();
  }

  private static void guarded(RunControl control, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      control.fail(e);
    } catch (Error e) {
      control.fail(new IllegalStateException("a worker died: " + e, e));
      throw e;
    }
  }
}
