package io.zdmosc.mysql.stream;

import io.zdmosc.engine.spi.Position;

/**
 * A place in the binary log.
 *
 * <p>Files are ordered by their number, so {@code binlog.1000000} follows {@code binlog.999999}.
 * The offset has 64 bits, although the events carry the lower 32 only: a file is larger than 4 GiB
 * when one transaction is.
 *
 * @param file the log file, as the server names it
 * @param number the number at the end of its name
 * @param offset in bytes from the beginning of the file
 */
public record BinlogPosition(String file, long number, long offset) implements Position {
  /** The first event of a file stands behind its four magic bytes. */
  static final long FILE_START = 4;

  public static BinlogPosition of(String file, long offset) {
    return new BinlogPosition(
        file, Long.parseLong(file.substring(file.lastIndexOf('.') + 1)), offset);
  }

  /** Another place in the same file. */
  BinlogPosition at(long other) {
    return new BinlogPosition(file, number, other);
  }

  @Override
  public int compareTo(Position other) {
    BinlogPosition that = (BinlogPosition) other;
    int byFile = Long.compare(number, that.number);
    return byFile != 0 ? byFile : Long.compare(offset, that.offset);
  }

  @Override
  public String toString() {
    return file + ":" + offset;
  }
}
