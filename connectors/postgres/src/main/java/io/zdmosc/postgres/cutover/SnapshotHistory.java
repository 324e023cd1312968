package io.zdmosc.postgres.cutover;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the attempts at one cut-over have learned about snapshots, from the first attempt on.
 *
 * <p>A snapshot's xmin is the oldest transaction that was running when it was taken, and that never
 * goes back. So a session whose xmin is older than the oldest transaction of a moment before its
 * present statement began reads with a snapshot from before that statement: it is in a REPEATABLE
 * READ or SERIALIZABLE transaction, which nothing else tells from outside. Not thread-safe.
 */
public final class SnapshotHistory {
  /** How long statements are waited for of which nobody knows whether their snapshot will last. */
  static final Duration PATIENCE = Duration.ofSeconds(20);

  /** So many attempts are given up under the lock for the sake of short transactions. */
  static final int GIVE_UPS = 10;

  private static final int MOST = 4_096;

  private final TreeMap<Long, Long> oldestByMicros = new TreeMap<>();
  private long begun;
  private int givenUp;

  /** At this moment of the server's clock this was the oldest running transaction. */
  void record(long micros, long oldestRunning) {
    if (begun == 0) {
      begun = System.nanoTime();
    }
    Map.Entry<Long, Long> last = oldestByMicros.lastEntry();
    if (last == null || last.getValue() < oldestRunning) {
      oldestByMicros.put(micros, oldestRunning);
    }
    if (oldestByMicros.size() > MOST) {
      oldestByMicros.pollFirstEntry();
    }
  }

  /**
   * Whether a snapshot with this xmin was taken before that moment; false where it is not known.
   */
  boolean isOlderThan(long micros, long xmin) {
    Map.Entry<Long, Long> known = oldestByMicros.floorEntry(micros);
    return known != null && xmin < known.getValue();
  }

  /** Whether statements are still waited for that may only look as if they were in the way. */
  boolean isPatient() {
    return System.nanoTime() - begun < PATIENCE.toNanos();
  }

  /**
   * Another attempt is to be given up for a short transaction's sake.
   *
   * @return false when that has been done often enough
   */
  boolean giveUp() {
    return givenUp++ < GIVE_UPS;
  }
}
