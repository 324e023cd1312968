package io.zdmosc.harness.workload.writer;

import java.util.concurrent.atomic.AtomicLong;

/** Tells writers to go on, to pause, or to end. Thread-safe. */
final class Control {
  private final AtomicLong operations = new AtomicLong();
  private boolean paused;
  private boolean ended;
  private int waiting;
  private int running;

  /** A writer has begun. */
  synchronized void enter() {
    running++;
  }

  /** A writer has ended. */
  synchronized void leave() {
    running--;
    notifyAll();
  }

  /** Waits while paused; returns whether to go on. */
  synchronized boolean proceed() {
    waiting++;
    notifyAll();
    try {
      while (paused && !ended) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      waiting--;
    }
    return !ended;
  }

  /** Asks all writers to pause, and returns when none is within an operation. */
  synchronized void pause() throws InterruptedException {
    paused = true;
    while (waiting < running && !ended) {
      wait();
    }
  }

  synchronized void resume() {
    paused = false;
    notifyAll();
  }

  /** Asks all writers to end after their present operation. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  synchronized boolean ended() {
    return ended;
  }

  void countOperation() {
    operations.incrementAndGet();
  }

  /** Returns how many operations were done by all writers. */
  long operations() {
    return operations.get();
  }
}
