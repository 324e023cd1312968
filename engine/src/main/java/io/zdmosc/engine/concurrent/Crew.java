package io.zdmosc.engine.concurrent;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * Runs the same kind of work on as many threads as are wanted at the moment.
 *
 * <p>Guarantees: when more are wanted, threads are added within {@value #LOOK_AGAIN_MILLIS} ms;
 * when fewer are, the surplus leaves where the work asks for its {@link Seat}, so never in the
 * midst of a piece, and one thread at least stays. The work is done when a thread returns that was
 * not told to leave; from then on none is added. {@link #run} returns after every thread has ended.
 * When one fails or cannot be started, the run's {@link RunControl} hears of it, and the failure is
 * thrown there.
 */
public final class Crew {
  private static final long LOOK_AGAIN_MILLIS = 100;

  private final String name;
  private final IntSupplier wanted;
  private final RunControl control;
  private final Consumer<Seat> work;
  private final List<Thread> threads = new ArrayList<>();
  private int seated;
  private boolean done;

  /**
   * @param wanted how many threads there should be now; less than one counts as one
   * @param work asks its seat before each piece of work, and returns at once when it has lost it
   */
  public Crew(String name, IntSupplier wanted, RunControl control, Consumer<Seat> work) {
    this.name = name;
    this.wanted = wanted;
    this.control = control;
    this.work = work;
  }

  /** Returns when the work is done. */
  public void run() {
    boolean interrupted = false;
    while (isStaffed()) {
      interrupted |= rest();
    }
    for (Thread thread : started()) {
      interrupted |= join(thread);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    control.check();
  }

  /** False when nobody is left. Those that are there are waited for, whatever happens here. */
  private synchronized boolean isStaffed() {
    try {
      staff();
    } catch (RuntimeException | Error e) {
      done = true;
      control.died(e);
    }
    return seated > 0;
  }

  private synchronized void staff() {
    while (!done && seated < Math.max(1, wanted.getAsInt())) {
      Seat seat = new Seat();
      Thread thread = new Thread(() -> sit(seat), "zdm-" + name + "-" + (threads.size() + 1));
      thread.setDaemon(true);
      thread.start();
      seated++;
      threads.add(thread);
    }
  }

  private synchronized List<Thread> started() {
    return List.copyOf(threads);
  }

  private synchronized boolean rest() {
    try {
      if (seated > 0) {
        wait(LOOK_AGAIN_MILLIS);
      }
      return false;
    } catch (InterruptedException e) {
      control.abort();
      return true;
    }
  }

  private boolean join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
        control.abort();
      }
    }
    return interrupted;
  }

  private void sit(Seat seat) {
    try {
      work.accept(seat);
    } catch (RuntimeException | Error e) {
      control.died(e);
    } finally {
      seat.end();
    }
  }

  /** One thread's place in the crew. */
  public final class Seat {
    private boolean lost;

    private Seat() {}

    /** False when there are more threads than wanted and this one is to leave. */
    public boolean isKept() {
      synchronized (Crew.this) {
        if (!lost && !done && seated > Math.max(1, wanted.getAsInt())) {
          lost = true;
          seated--;
        }
        return !lost;
      }
    }

    /** The work returned or failed. */
    private void end() {
      synchronized (Crew.this) {
        if (!lost) {
          done = true;
          seated--;
        }
        Crew.this.notifyAll();
      }
    }
  }
}
