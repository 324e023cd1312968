package io.zdmosc.engine.window;

import java.time.Instant;

/**
 * A stretch of time.
 *
 * @param begin its first instant
 * @param end the first instant after it
 */
public record Interval(Instant begin, Instant end) {

  public boolean contains(Instant instant) {
    return !instant.isBefore(begin) && instant.isBefore(end);
  }
}
