package io.zdmosc.postgres.flush;

/** Transaction ids with 32 bits, as most of the server shows them, among those with 64. */
public final class TransactionIds {
  private static final long EPOCH = 1L << 32;

  private TransactionIds() {}

  /** The 64-bit id closest to another one: ids in use are never half the id space apart. */
  public static long widen(long xid32, long near) {
    long candidate = (near & -EPOCH) | xid32;
    if (candidate - near > EPOCH / 2) {
      candidate -= EPOCH;
    } else if (near - candidate > EPOCH / 2) {
      candidate += EPOCH;
    }
    return candidate;
  }
}
