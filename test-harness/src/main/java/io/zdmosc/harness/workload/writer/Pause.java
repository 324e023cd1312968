package io.zdmosc.harness.workload.writer;

/** Waits, without checked exceptions; an interrupt ends the wait and stays set. */
final class Pause {
  private Pause() {}

  static void millis(long millis) {
    if (millis <= 0) {
      return;
    }
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
