package io.zdmosc.harness.rules;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/** Waits for conditions. */
final class Until {

  private Until() {}

  static void holds(String words, Callable<Boolean> condition) {
    Awaitility.await(words)
        .atMost(Gate.PATIENCE)
        .pollInSameThread()
        .pollInterval(Duration.ofMillis(5))
        .until(condition);
  }
}
