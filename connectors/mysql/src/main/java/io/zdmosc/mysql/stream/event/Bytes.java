package io.zdmosc.mysql.stream.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads a part of a buffer from front to back. Numbers are little-endian unless said otherwise. A
 * read beyond the end throws {@link IndexOutOfBoundsException}. Not thread-safe.
 */
public final class Bytes {
  private byte[] buffer;
  private int position;
  private int limit;

  public Bytes(byte[] buffer, int position, int limit) {
    reset(buffer, position, limit);
  }

  /** Looks at another part of another buffer. */
  public void reset(byte[] otherBuffer, int from, int to) {
    buffer = otherBuffer;
    position = from;
    limit = to;
  }

  public byte[] buffer() {
    return buffer;
  }

  public int position() {
    return position;
  }

  public void position(int other) {
    position = other;
  }

  public int limit() {
    return limit;
  }

  public int remaining() {
    return limit - position;
  }

  public void skip(long count) {
    need(count);
    position += (int) count;
  }

  private void need(long count) {
    if (count < 0 || count > limit - position) {
      throw new IndexOutOfBoundsException(
          "an event ends after " + (limit - position) + " bytes where " + count + " are due");
    }
  }

  public int u8() {
    need(1);
    return buffer[position++] & 0xFF;
  }

  /** The byte at a place relative to the position, without moving on. */
  public int peek(int ahead) {
    return buffer[position + ahead] & 0xFF;
  }

  public int u16() {
    return (int) unsigned(2);
  }

  public long u32() {
    return unsigned(4);
  }

  public long i64() {
    return unsigned(8);
  }

  /** A number of up to 8 bytes. */
  public long unsigned(int bytes) {
    need(bytes);
    long value = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      value = value << 8 | (buffer[position + i] & 0xFF);
    }
    position += bytes;
    return value;
  }

  /** A big-endian number of up to 8 bytes. */
  public long bigEndian(int bytes) {
    need(bytes);
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value = value << 8 | (buffer[position++] & 0xFF);
    }
    return value;
  }

  /** A number that says by its first byte how long it is. */
  public long packed() {
    int first = u8();
    return switch (first) {
      case 252 -> unsigned(2);
      case 253 -> unsigned(3);
      case 254 -> unsigned(8);
      default -> first;
    };
  }

  public byte[] bytes(int count) {
    need(count);
    byte[] copy = Arrays.copyOfRange(buffer, position, position + count);
    position += count;
    return copy;
  }

  /** So many bytes as text. */
  public String text(int count) {
    need(count);
    String text = new String(buffer, position, count, StandardCharsets.UTF_8);
    position += count;
    return text;
  }

  /** Text up to a zero byte. */
  public String textToZero() {
    int end = position;
    while (end < limit && buffer[end] != 0) {
      end++;
    }
    String text = text(end - position);
    skip(1);
    return text;
  }

  /** True when the bytes from the position on are these; does not move on. */
  public boolean startsWith(byte[] expected) {
    return remaining() >= expected.length
        && Arrays.equals(
            buffer, position, position + expected.length, expected, 0, expected.length);
  }
}
