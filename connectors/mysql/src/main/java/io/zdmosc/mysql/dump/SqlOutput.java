package io.zdmosc.mysql.dump;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Writes SQL as UTF-8, and knows how much it has written. */
final class SqlOutput {
  /** Bytes that become hexadecimal digits at once. */
  private static final int PIECE = 1 << 13;

  private final OutputStream out;
  private long bytes;

  SqlOutput(OutputStream out) {
    this.out = out;
  }

  /** Bytes written so far. */
  long bytes() {
    return bytes;
  }

  void text(String sql) throws IOException {
    byte[] encoded = sql.getBytes(StandardCharsets.UTF_8);
    out.write(encoded);
    bytes += encoded.length;
  }

  void line(String sql) throws IOException {
    text(sql + "\n");
  }

  /** A literal of these bytes in hexadecimal. */
  void hexLiteral(byte[] value) throws IOException {
    text("x'");
    for (int from = 0; from < value.length; from += PIECE) {
      text(HexFormat.of().formatHex(value, from, Math.min(value.length, from + PIECE)));
    }
    text("'");
  }
}
