package io.zdmosc.engine.error;

import static java.util.Objects.requireNonNull;

/**
 * One reason why a change is refused.
 *
 * @param object the object that stands in the way, by name
 * @param what what is wrong with it
 * @param remedy what the user can do about it
 */
public record Problem(String object, String what, String remedy) {
  public Problem {
    requireNonNull(object, "object is null");
    requireNonNull(what, "what is null");
    requireNonNull(remedy, "remedy is null");
  }

  @Override
  public String toString() {
    return object + ": " + what + (remedy.isEmpty() ? "" : "\n    " + remedy);
  }
}
