package io.zdmosc.engine.guard;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.throttle.ThrottleSignal;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Watches the room on the server's disks: at four times the limit it warns, from twice the limit on
 * the copy slows down, at the limit the migration gives up. Thread-safe.
 */
public final class DiskGuard implements ThrottleSignal {
  private static final int WARNED_AT = 4;
  private static final double SLOW_FROM = 2;

  private final Guards guards;
  private final Consumer<String> notes;
  private final Optional<String> adviceWhenFull;
  private final Set<String> warned = new HashSet<>();
  private final Set<String> full = new HashSet<>();
  private volatile double pressure;
  private volatile String reason = "";

  public DiskGuard(Guards guards, Consumer<String> notes) {
    this(guards, notes, Optional.empty());
  }

  /**
   * Watches for work that takes hardly any room itself.
   *
   * @param adviceWhenFull what to say at the limit instead of giving up
   */
  DiskGuard(Guards guards, Consumer<String> notes, Optional<String> adviceWhenFull) {
    this.guards = guards;
    this.notes = notes;
    this.adviceWhenFull = adviceWhenFull;
  }

  /**
   * Hears how much room there is now.
   *
   * @throws MigrationFailedException when there is too little
   */
  public synchronized void look(List<DiskSpace> disks) {
    double most = 0;
    String words = "";
    for (DiskSpace disk : disks) {
      long limit = guards.minFree(disk.totalBytes());
      if (limit == 0) {
        continue;
      }
      if (disk.freeBytes() <= limit && adviceWhenFull.isEmpty()) {
        throw full(disk, limit);
      }
      warn(disk, limit);
      double present = pressure(Math.max(disk.freeBytes(), limit), limit);
      if (present > most) {
        most = present;
        words = "only " + ByteText.of(disk.freeBytes()) + " left on " + disk.name();
      }
    }
    reason = words;
    pressure = most;
  }

  /**
   * 0.5 at twice the limit; near 1, but not 1, at the limit: whoever stands still frees nothing.
   */
  private static double pressure(long free, long limit) {
    double left = (double) free / limit; // more than 1
    return left >= SLOW_FROM ? 0 : 0.5 + 0.45 * (SLOW_FROM - left);
  }

  private void warn(DiskSpace disk, long limit) {
    if (adviceWhenFull.isPresent()) {
      warnOfFull(disk, limit);
    } else if (disk.freeBytes() < limit * WARNED_AT && warned.add(disk.name())) {
      notes.accept(
          "only "
              + ByteText.of(disk.freeBytes())
              + " left on "
              + disk.name()
              + "; the migration gives up at "
              + ByteText.of(limit)
              + " (--min-free)");
    }
  }

  /** Once, and again when there was room meanwhile. */
  private void warnOfFull(DiskSpace disk, long limit) {
    if (disk.freeBytes() >= limit * WARNED_AT) {
      full.remove(disk.name());
    } else if (disk.freeBytes() <= limit && full.add(disk.name())) {
      notes.accept(
          "only "
              + ByteText.of(disk.freeBytes())
              + " left on "
              + disk.name()
              + ", less than "
              + ByteText.of(limit)
              + " (--min-free); "
              + adviceWhenFull.orElseThrow());
    }
  }

  private static MigrationFailedException full(DiskSpace disk, long limit) {
    return new MigrationFailedException(
        "Only "
            + ByteText.of(disk.freeBytes())
            + " of "
            + ByteText.of(disk.totalBytes())
            + " are left on "
            + disk.name()
            + "; the limit is "
            + ByteText.of(limit)
            + " (--min-free). The migration gives up before the server's disk is full.",
        "The source table is untouched.",
        "Make room for a second copy of the table and its log, and run the migration again; or"
            + " give a smaller --min-free.");
  }

  @Override
  public double pressure() {
    return pressure;
  }

  @Override
  public String reason() {
    return reason;
  }
}
