package io.zdmosc.engine.hook;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Where hooks are, and how long one may take.
 *
 * @param directory an absolute path
 */
public record HookSettings(String directory, Duration timeout) {
  /** How long a hook may take unless it is said. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  public HookSettings {
    requireNonNull(directory, "directory is null");
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("hook timeout must be positive");
    }
  }
}
