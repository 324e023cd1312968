package io.zdmosc.mysql.stream.wire;

import io.zdmosc.mysql.stream.event.EventSize;

/** One packet of the protocol, in a buffer that the next one overwrites. */
public final class Packet {
  private byte[] buffer = new byte[16 * 1024];
  private int begin;
  private int end;

  public byte[] buffer() {
    return buffer;
  }

  public int begin() {
    return begin;
  }

  public int end() {
    return end;
  }

  /** Shows a buffer of somebody else. */
  void show(byte[] other, int from, int to) {
    buffer = other;
    begin = from;
    end = to;
  }

  /**
   * Room for so many bytes behind those that are kept.
   *
   * @throws io.zdmosc.engine.error.MigrationFailedException when memory does not suffice
   */
  void grow(int kept, int length) {
    if (buffer.length < kept + length) {
      int wanted = EventSize.check((long) kept + length);
      byte[] larger = new byte[wanted + wanted / 8];
      System.arraycopy(buffer, 0, larger, 0, kept);
      buffer = larger;
    }
    begin = 0;
    end = kept + length;
  }
}
