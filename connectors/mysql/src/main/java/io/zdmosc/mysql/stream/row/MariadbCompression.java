package io.zdmosc.mysql.stream.row;

import io.zdmosc.mysql.stream.event.Bytes;
import io.zdmosc.mysql.stream.event.EventSize;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * MariaDB's {@code log_bin_compress}: the end of an event is compressed with zlib. A first byte
 * tells the method and how many bytes tell the length.
 */
public final class MariadbCompression {
  private static final int COMPRESSED = 0x80;
  private static final int METHOD = 0x70;
  private static final int LENGTH = 0x07;

  private MariadbCompression() {}

  /** What the rest of the event stands for. */
  public static Bytes inflate(Bytes event) {
    int head = event.u8();
    if ((head & COMPRESSED) == 0 || (head & METHOD) != 0) {
      throw new IllegalStateException("an event is compressed in an unknown way: " + head);
    }
    byte[] plain = new byte[EventSize.check(event.bigEndian(head & LENGTH))];
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(event.buffer(), event.position(), event.remaining());
      int length = 0;
      while (length < plain.length) {
        int more = inflater.inflate(plain, length, plain.length - length);
        if (more == 0) {
          throw new IllegalStateException("a compressed event is cut short");
        }
        length += more;
      }
    } catch (DataFormatException e) {
      throw new IllegalStateException("a compressed event is damaged", e);
    } finally {
      inflater.end();
    }
    return new Bytes(plain, 0, plain.length);
  }
}
