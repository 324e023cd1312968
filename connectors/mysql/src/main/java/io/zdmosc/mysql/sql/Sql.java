package io.zdmosc.mysql.sql;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** Writes identifiers and literals. The one place where anything is quoted. */
public final class Sql {
  private static final int MAX_NAME_CHARACTERS = 64;

  private Sql() {}

  /** A quoted identifier. Always quoted: keywords need no list then. */
  public static String name(String identifier) {
    return '`' + identifier.replace("`", "``") + '`';
  }

  /** A qualified, quoted name. */
  public static String name(String schema, String identifier) {
    return name(schema) + "." + name(identifier);
  }

  public static String names(Collection<String> identifiers) {
    return identifiers.stream().map(Sql::name).collect(Collectors.joining(", "));
  }

  /**
   * A string literal, whatever sql_mode says of backslashes: text that has one, or a character that
   * logs could not show, is written in hexadecimal.
   */
  public static String literal(String text) {
    boolean plain = text.chars().allMatch(c -> c >= ' ' && c != '\\' && c != 0x7f);
    return plain
        ? "'" + text.replace("'", "''") + "'"
        : "_utf8mb4 " + hexLiteral(HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** A literal of these bytes, given as hexadecimal digits. */
  public static String hexLiteral(String digits) {
    return "x'" + digits + "'";
  }

  /**
   * A name of ours beside a table of the user's: something of the user's name, the migration's
   * number, a suffix; cut to the server's 64 characters.
   *
   * <p>INVARIANT: it sorts behind the user's name, byte by byte. The server takes the locks of a
   * RENAME in the order of names, and the cut-over relies on it that the user's table comes first.
   */
  public static String ours(long migrationId, String userName, String suffix) {
    String tail = "_zdm" + migrationId + "_" + suffix;
    int room = MAX_NAME_CHARACTERS - tail.length();
    if (userName.codePointCount(0, userName.length()) <= room) {
      return userName + tail;
    }
    // a character that is greater than any that can stand in its place
    int keep = userName.offsetByCodePoints(0, room - 1);
    return userName.substring(0, keep) + '\uffee' + tail;
  }
}
