package io.zdmosc.engine.guard;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.throttle.PositionClock;
import io.zdmosc.engine.throttle.ThrottleSignal;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Watches the log that the server keeps for the change stream: how much it is, and where the server
 * removes log by its age, how old. At half of a limit it warns and the copy begins to slow down.
 * More than the limit of bytes ends the migration; age does not, since a reader that is connected
 * goes on reading: it only could not come back. Thread-safe.
 */
public final class LogGuard implements ThrottleSignal {
  private static final double HALF = 0.5;
  private static final double NEARLY_ALL = 0.9;

  private final long limit;
  private final boolean serversLimit;
  private final Optional<Duration> expiry;
  private final Consumer<String> notes;
  private final PositionClock clock;
  private volatile long kept;
  private volatile long ageMillis;
  private boolean warnedOfSize;
  private double warnedOfAge;

  /**
   * @param serverLimit what the server keeps at most, in bytes; Long.MAX_VALUE if unlimited
   * @param expiry after which the server removes log, whether it is needed or not
   */
  public LogGuard(
      Guards guards, long serverLimit, Optional<Duration> expiry, Consumer<String> notes) {
    this(guards, serverLimit, expiry, notes, new PositionClock());
  }

  LogGuard(
      Guards guards,
      long serverLimit,
      Optional<Duration> expiry,
      Consumer<String> notes,
      PositionClock clock) {
    long own = guards.maxRetainedBytes().orElse(Long.MAX_VALUE);
    this.limit = Math.min(own, serverLimit);
    this.serversLimit = serverLimit < own;
    this.expiry = expiry;
    this.notes = notes;
    this.clock = clock;
  }

  /** The most bytes that may be kept; Long.MAX_VALUE if unlimited. */
  public long limit() {
    return limit;
  }

  /** True when the stream should let go of log soon, be it at a cost. */
  public boolean isUrgent() {
    return kept > limit / 4 || expiry.isPresent() && ageMillis > expiry.get().toMillis() / 4;
  }

  /**
   * Hears how much is kept now.
   *
   * @param written a counter of all the log that the server has written
   * @param keptBytes how much of its end is kept for the migration
   * @param age of the oldest of it, where the log itself says that; else what was seen of its
   *     growing counts, which begins with this process
   * @throws MigrationFailedException when it is too much
   */
  public synchronized void look(long written, long keptBytes, Optional<Duration> age) {
    clock.tick(written);
    kept = keptBytes;
    ageMillis =
        Math.max(clock.ageMillis(written - keptBytes), age.map(Duration::toMillis).orElse(0L));
    if (keptBytes >= limit) {
      throw tooMuch(keptBytes);
    }
    if (keptBytes > limit / 2 && !warnedOfSize) {
      warnedOfSize = true;
      notes.accept(reason() + "; the migration gives up at " + ByteText.of(limit));
    }
    warnOfAge();
  }

  /** At half of the server's limit, and close to it; anew when the stream had caught up. */
  private void warnOfAge() {
    double share = expiry.map(after -> (double) ageMillis / after.toMillis()).orElse(0.0);
    if (share < warnedOfAge / 2) {
      warnedOfAge = 0;
    }
    double step = share > NEARLY_ALL ? NEARLY_ALL : share > HALF ? HALF : 0;
    if (step > warnedOfAge) {
      warnedOfAge = step;
      notes.accept(
          "log that is still needed is "
              + ageMillis / 1_000
              + " s old, and the server removes log after "
              + expiry.orElseThrow().toSeconds()
              + " s: should the change stream lose its connection, it "
              + (step == HALF ? "may" : "will most likely")
              + " not be able to go on"
              + (step == HALF ? "" : "; make that time longer now, if you can"));
    }
  }

  private MigrationFailedException tooMuch(long bytes) {
    return new MigrationFailedException(
        "The server keeps "
            + ByteText.of(bytes)
            + " of log for the change stream; the limit is "
            + ByteText.of(limit)
            + (serversLimit ? " (max_slot_wal_keep_size)." : " (--max-retained)."),
        "The source table is untouched.",
        serversLimit
            ? "Run it again at a quieter time, or let the server keep more log."
            : "Run it again at a quieter time, or with a larger --max-retained.");
  }

  /** The age alone never stops the copy: from a standstill the stream gains nothing. */
  private double agePressure() {
    return expiry
        .map(after -> Math.min(NEARLY_ALL, (double) ageMillis / after.toMillis()))
        .orElse(0.0);
  }

  private double sizePressure() {
    return (double) kept / limit;
  }

  @Override
  public double pressure() {
    return Math.max(sizePressure(), agePressure());
  }

  @Override
  public String reason() {
    return sizePressure() >= agePressure()
        ? "server keeps " + ByteText.of(kept) + " of log"
        : "log that is still needed is " + ageMillis / 1_000 + " s old";
  }
}
