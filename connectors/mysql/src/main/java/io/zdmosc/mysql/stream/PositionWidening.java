package io.zdmosc.mysql.stream;

/** Events carry the lower 32 bits of their offset; a file can be longer than they can say. */
final class PositionWidening {
  private static final long LOW = 0xFFFFFFFFL;

  private PositionWidening() {}

  /** The first offset from {@code previous} on that has these lower bits. */
  static long widen(long previous, long lowBits) {
    long candidate = previous & ~LOW | lowBits;
    return candidate >= previous ? candidate : candidate + LOW + 1;
  }
}
