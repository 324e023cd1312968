package io.zdmosc.engine.window;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * What its windows mean for a piece of work.
 *
 * @param opensAt when the next window opens; empty while one is open
 * @param windowsLeft how many more windows the work takes, an open one included; 0 while that is
 *     not known
 * @param doneAt when it will be done; empty while that is not known
 */
public record Outlook(Optional<Instant> opensAt, int windowsLeft, Optional<Instant> doneAt) {
  public Outlook {
    requireNonNull(opensAt, "opensAt is null");
    requireNonNull(doneAt, "doneAt is null");
  }
}
