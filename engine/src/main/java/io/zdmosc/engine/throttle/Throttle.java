package io.zdmosc.engine.throttle;

import io.zdmosc.engine.concurrent.RunControl;
import java.time.Duration;
import java.util.List;

/**
 * Slows the copy down before the server or the change stream suffers; the verification, too.
 *
 * <p>Up to a pressure of 0.5 nothing happens. From there to 1 each worker rests {@code (p - 0.5) /
 * (1 - p)} times its chunk's duration before the next, so that it works all of the time at 0.5, two
 * thirds of it at two thirds, and not at all from 1 on. Thread-safe.
 */
public final class Throttle {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
  private static final long LONGEST_REST_MILLIS = 5_000;

  private final List<ThrottleSignal> signals;
  private volatile String reason = "";

  public Throttle(List<ThrottleSignal> signals) {
    this.signals = List.copyOf(signals);
  }

  /** Waits as long as the pressure asks for. */
  public void beforeChunk(RunControl control, long chunkMillis) {
    control.check();
    ThrottleSignal strongest = strongest();
    while (strongest != null && strongest.pressure() >= 1) {
      reason = strongest.reason() + " (stopped)";
      control.sleep(LOOK_AGAIN);
      strongest = strongest();
    }
    double pressure = strongest == null ? 0 : strongest.pressure();
    if (pressure <= 0.5) {
      reason = "";
      return;
    }
    reason = strongest.reason() + " (at " + Math.round(200 * (1 - pressure)) + " %)";
    double rest = chunkMillis * (pressure - 0.5) / Math.max(0.05, 1 - pressure);
    control.sleep(Duration.ofMillis(Math.min(LONGEST_REST_MILLIS, Math.round(rest))));
  }

  /** Why the work goes slower than it could, and how much, or empty. */
  public String reason() {
    return reason;
  }

  private ThrottleSignal strongest() {
    ThrottleSignal strongest = null;
    double most = 0;
    for (ThrottleSignal signal : signals) {
      double pressure = signal.pressure();
      if (pressure > most) {
        most = pressure;
        strongest = signal;
      }
    }
    return strongest;
  }
}
