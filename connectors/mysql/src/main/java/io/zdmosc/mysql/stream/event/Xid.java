package io.zdmosc.mysql.stream.event;

import java.util.HexFormat;
import java.util.Locale;

/**
 * The name of an XA transaction, as the server writes it into the log: both parts in hexadecimal
 * and the number of their format.
 */
public record Xid(String text) {
  private static final HexFormat HEX = HexFormat.of();

  public static Xid of(byte[] global, byte[] branch, long format) {
    return new Xid("X'" + HEX.formatHex(global) + "',X'" + HEX.formatHex(branch) + "'," + format);
  }

  /** Reads an XA prepare event from behind its header and its first byte. */
  static Xid read(Bytes event) {
    long format = (int) event.u32();
    int global = (int) event.u32();
    int branch = (int) event.u32();
    return of(event.bytes(global), event.bytes(branch), format);
  }

  /** The name in a statement like {@code XA COMMIT X'61',X'',1}. */
  public static Xid inStatement(String sql) {
    int begin = sql.indexOf("X'", "XA".length());
    String text = begin < 0 ? sql : sql.substring(begin);
    int end = text.indexOf(" ONE PHASE");
    String name = (end < 0 ? text : text.substring(0, end)).trim().replace(" ", "");
    return new Xid(name.toLowerCase(Locale.ROOT).replace("x'", "X'"));
  }

  @Override
  public String toString() {
    return text;
  }
}
