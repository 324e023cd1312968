package io.zdmosc.harness.rules;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A point where one thread of the engine stands still until the test lets it go. Thread-safe. */
final class Gate {

  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String name;
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch opened = new CountDownLatch(1);

  Gate(String name) {
    this.name = name;
  }

  /** Called by the engine's thread: waits until the gate is open. */
  void pass() {
    reached.countDown();
    await(opened, "was not opened");
  }

  /** Called by the test: waits until a thread stands at the gate. */
  void awaitReached() {
    await(reached, "was not reached");
  }

  boolean isOpen() {
    return opened.getCount() == 0;
  }

  void open() {
    opened.countDown();
  }

  private void await(CountDownLatch latch, String failure) {
    try {
      if (!latch.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("gate '" + name + "' " + failure);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
