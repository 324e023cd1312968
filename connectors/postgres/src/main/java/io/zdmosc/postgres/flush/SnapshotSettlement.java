package io.zdmosc.postgres.flush;

import io.zdmosc.engine.spi.Settlement;
import io.zdmosc.engine.spi.SourceTransaction;
import io.zdmosc.postgres.stream.PgTransaction;
import java.util.HashSet;
import java.util.Set;

/**
 * Which transactions a snapshot sees, from the text of {@code pg_current_snapshot()}: {@code
 * xmin:xmax:xip,...}. A transaction whose commit record is in the log but which has not yet left
 * the server's list of running ones is still among {@code xip}.
 */
public final class SnapshotSettlement implements Settlement {
  private final long xmin;
  private final long xmax;
  private final Set<Long> running = new HashSet<>();

  private SnapshotSettlement(long xmin, long xmax) {
    this.xmin = xmin;
    this.xmax = xmax;
  }

  public static SnapshotSettlement parse(String snapshot) {
    String[] parts = snapshot.split(":", -1);
    SnapshotSettlement settlement =
        new SnapshotSettlement(Long.parseUnsignedLong(parts[0]), Long.parseUnsignedLong(parts[1]));
    if (!parts[2].isEmpty()) {
      for (String xid : parts[2].split(",")) {
        settlement.running.add(Long.parseUnsignedLong(xid));
      }
    }
    return settlement;
  }

  @Override
  public boolean contains(SourceTransaction transaction) {
    long xid = TransactionIds.widen(((PgTransaction) transaction).xid(), xmax);
    if (xid < xmin) {
      return true;
    }
    return xid < xmax && !running.contains(xid);
  }
}
