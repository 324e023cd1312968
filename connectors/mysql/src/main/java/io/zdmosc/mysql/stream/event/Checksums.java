package io.zdmosc.mysql.stream.event;

import io.zdmosc.engine.error.MigrationFailedException;
import java.util.zip.CRC32;

/**
 * The checksums at the end of events. Which there are is told by each file's format description;
 * for what comes before the first one, by the server's setting. Not thread-safe.
 */
public final class Checksums {
  private static final int LENGTH = 4;
  private static final int CRC32_METHOD = 1;
  private static final int IN_USE = 0x01;
  private static final int FLAGS = 17;

  private final CRC32 crc = new CRC32();
  private boolean present;

  public Checksums(boolean present) {
    this.present = present;
  }

  /**
   * Where the event's content ends.
   *
   * @throws MigrationFailedException when the checksum is wrong
   */
  public int check(int type, byte[] buffer, int begin, int end) {
    if (type == EventType.FORMAT_DESCRIPTION) {
      // it ends with the method and always leaves room for a checksum
      present = buffer[end - LENGTH - 1] == CRC32_METHOD;
    } else if (!present) {
      return end;
    }
    if (present) {
      verify(type, buffer, begin, end - LENGTH);
    }
    return end - LENGTH;
  }

  private void verify(int type, byte[] buffer, int begin, int end) {
    crc.reset();
    if (type == EventType.FORMAT_DESCRIPTION) {
      // computed without the flag that says that the file is being written
      int flags = buffer[begin + FLAGS];
      crc.update(buffer, begin, FLAGS);
      crc.update(flags & ~IN_USE);
      crc.update(buffer, begin + FLAGS + 1, end - begin - FLAGS - 1);
    } else {
      crc.update(buffer, begin, end - begin);
    }
    long written =
        (buffer[end] & 0xFFL)
            | (buffer[end + 1] & 0xFFL) << 8
            | (buffer[end + 2] & 0xFFL) << 16
            | (buffer[end + 3] & 0xFFL) << 24;
    if (crc.getValue() != written) {
      throw new MigrationFailedException(
          "An event of the binary log came with a wrong checksum: the log or the connection is"
              + " damaged.",
          "The source table is untouched.",
          "Have the server check its disk and its log (mysqlbinlog --verify-binlog-checksum), and"
              + " run the migration again.");
    }
  }
}
