package io.zdmosc.engine.throttle;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.error.ZdmException;

/**
 * A signal whose figure has to be asked for: a {@link Sampler} does so once a second, on its own
 * thread, and the copy reads the last answer. Thread-safe.
 *
 * <p>What cannot be asked stops the copy: whoever wants a migration to give way to something wants
 * it to wait as long as nobody knows. A failure that passes is the whole run's and is thrown.
 */
public abstract class SampledSignal implements ThrottleSignal, AutoCloseable {
  private volatile Reading reading = Reading.NONE;

  /** What was found at one moment. */
  protected record Reading(double pressure, String reason) {
    static final Reading NONE = new Reading(0, "");
  }

  /** Asks; may take its time. */
  protected abstract Reading read();

  /** What is said when it cannot be asked. */
  protected abstract String subject();

  /** Asks once and remembers the answer. */
  final void sample() {
    try {
      reading = read();
    } catch (ZdmException e) {
      if (endsTheTry(e)) {
        throw e;
      }
      reading = new Reading(1, subject() + " cannot be asked: " + e.getMessage());
    }
  }

  /** Whether a failure to ask is one of the migration as well. */
  protected boolean endsTheTry(ZdmException failure) {
    return failure instanceof MigrationFailedException failed && failed.isPassing();
  }

  /** As {@link #sample}; what cannot be asked is thrown. */
  public final void check() {
    reading = read();
  }

  @Override
  public double pressure() {
    return reading.pressure();
  }

  @Override
  public String reason() {
    return reading.reason();
  }

  @Override
  public void close() {
    // nothing is open
  }
}
