package io.zdmosc.engine.concurrent;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/**
 * Runs the same kind of work on several threads and waits for all of them.
 *
 * <p>Guarantees: {@link #run} returns after every thread has ended. When one fails or cannot be
 * started, the run's {@link RunControl} hears of it, so that the others stop at their next check,
 * and the failure is thrown here.
 */
public final class Workers {
  private Workers() {}

  public static void run(String name, int threads, RunControl control, Runnable work) {
    run(name, threads, control, work, Thread::new);
  }

  static void run(
      String name, int threads, RunControl control, Runnable work, ThreadFactory factory) {
    List<Thread> started = new ArrayList<>();
    try {
      for (int i = 1; i <= threads; i++) {
        Thread thread = factory.newThread(() -> guarded(control, work));
        thread.setName("zdm-" + name + "-" + i);
        thread.setDaemon(true);
        thread.start();
        started.add(thread);
      }
    } catch (RuntimeException | Error e) {
      control.died(e);
    }
    join(started, control);
    control.check();
  }

  private static void join(List<Thread> started, RunControl control) {
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
  }

  private static void guarded(RunControl control, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      control.died(e);
    }
  }
}
