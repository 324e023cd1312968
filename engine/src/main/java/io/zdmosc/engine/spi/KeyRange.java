package io.zdmosc.engine.spi;

import java.util.Optional;

/**
 * A contiguous range of keys in the server's order: {@code lower < key <= upper}.
 *
 * @param lower the exclusive lower bound, or null from the first key on
 * @param upper the inclusive upper bound, or null to the last key and all beyond it
 */
public record KeyRange(Key lower, Key upper) {
  public Optional<Key> lowerBound() {
    return Optional.ofNullable(lower);
  }

  public Optional<Key> upperBound() {
    return Optional.ofNullable(upper);
  }

  @Override
  public String toString() {
    return "(" + (lower == null ? "-∞" : lower) + " .. " + (upper == null ? "∞" : upper) + "]";
  }
}
