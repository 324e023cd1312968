package io.zdmosc.cli;

import io.zdmosc.engine.error.AbortedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jline.utils.Signals;

/**
 * What Ctrl-C and SIGTERM do: the first one asks the work to stop cleanly, the second one ends the
 * process. A stop that takes longer than the patience ends it too. Thread-safe.
 */
final class Interrupts implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<String> SIGNALS = List.of("INT", "TERM", "HUP");

  private final Consumer<String> say;
  private final Consumer<AbortedException> lastWords;
  private final IntConsumer halt;
  private final Duration patience;
  private final List<Object> previous = new ArrayList<>();
  private Work work;
  private boolean asked;
  private boolean closed;

  /**
   * Ends the process by {@link Runtime#halt}, since the work may never let go of it.
   *
   * @param say tells the user that it is stopping
   * @param lastWords tells the user how things stand when the process is about to be ended
   */
  Interrupts(Consumer<String> say, Consumer<AbortedException> lastWords) {
    this(say, lastWords, Runtime.getRuntime()::halt, PATIENCE);
  }

  Interrupts(
      Consumer<String> say,
      Consumer<AbortedException> lastWords,
      IntConsumer halt,
      Duration patience) {
    this.say = say;
    this.lastWords = lastWords;
    this.halt = halt;
    this.patience = patience;
  }

  /**
   * Something that can be stopped.
   *
   * @param stop asks for a clean end; returns at once
   * @param stopping what to tell the user then
   * @param unfinished what to tell the user when it did not come to a clean end
   */
  record Work(Runnable stop, String stopping, AbortedException unfinished) {}

  /** Catches the signals from now on. */
  synchronized Interrupts install() {
    for (String signal : SIGNALS) {
      previous.add(Signals.register(signal, this::onSignal));
    }
    return this;
  }

  /** From now on there is something to stop. */
  synchronized void begin(Work begun) {
    work = begun;
  }

  void onSignal() {
    Work present;
    boolean first;
    synchronized (this) {
      if (closed) {
        return;
      }
      present = work;
      first = !asked;
      asked = true;
    }
    if (present == null) {
      end(new AbortedException("by a signal", "Nothing was touched.", ""));
    } else if (first) {
      say.accept(present.stopping());
      watch(present);
      present.stop().run();
    } else {
      end(present.unfinished());
    }
  }

  private void watch(Work present) {
    Thread watchdog =
        new Thread(
            () -> {
              if (waitForClose()) {
                return;
              }
              try {
                say.accept("It has not stopped within " + patience.toSeconds() + " s.");
              } finally {
                end(present.unfinished());
              }
            },
            "zdm-osc-stop");
    watchdog.setDaemon(true);
    watchdog.start();
  }

  private synchronized boolean waitForClose() {
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      for (long left = patience.toNanos();
          !closed && left > 0;
          left = deadline - System.nanoTime()) {
        wait(Math.max(1, left / 1_000_000));
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; if the process wants it gone, it is going anyway.
      Thread.currentThread().interrupt();
    }
    return closed;
  }

  private void end(AbortedException how) {
    try {
      lastWords.accept(how);
    } finally { // also on a terminal that has gone
      halt.accept(how.exitCode().status());
    }
  }

  /** The work has ended: the signals mean what they meant before. */
  @Override
  public synchronized void close() {
    closed = true;
    for (int i = 0; i < previous.size(); i++) {
      Signals.unregister(SIGNALS.get(i), previous.get(i));
    }
    previous.clear();
    notifyAll();
  }
}
