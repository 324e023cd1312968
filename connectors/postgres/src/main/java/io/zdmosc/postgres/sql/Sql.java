package io.zdmosc.postgres.sql;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Writes identifiers and literals. The one place where anything is quoted. */
public final class Sql {
  private static final int MAX_NAME_BYTES = 63;

  private Sql() {}

  /** A quoted identifier. Always quoted: keywords need no list then. */
  public static String name(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /** A qualified, quoted name. */
  public static String name(String schema, String identifier) {
    return name(schema) + "." + name(identifier);
  }

  public static String names(Collection<String> identifiers) {
    return identifiers.stream().map(Sql::name).collect(Collectors.joining(", "));
  }

  /** A string literal, whatever standard_conforming_strings says. */
  public static String literal(String text) {
    String quoted = "'" + text.replace("'", "''") + "'";
    return text.indexOf('\\') < 0 ? quoted : " E" + quoted.replace("\\", "\\\\");
  }

  /** The text of an array of these elements, as array_in reads it. */
  public static String array(List<String> elements) {
    StringBuilder text = new StringBuilder(elements.size() * 12 + 2).append('{');
    for (String element : elements) {
      if (text.length() > 1) {
        text.append(',');
      }
      text.append('"');
      for (int i = 0; i < element.length(); i++) {
        char c = element.charAt(i);
        if (c == '"' || c == '\\') {
          text.append('\\');
        }
        text.append(c);
      }
      text.append('"');
    }
    return text.append('}').toString();
  }

  /**
   * A name of ours: a prefix with the migration's number, something of the user's name, a suffix;
   * cut to the server's 63 bytes at a character's edge.
   */
  public static String ours(long migrationId, String userName, String suffix) {
    String prefix = "zdm_" + migrationId + "_";
    return prefix
        + cut(userName, MAX_NAME_BYTES - bytes(prefix) - bytes(suffix) - 1)
        + "_"
        + suffix;
  }

  /** A name of the user's, then what tells it from others; cut before that, if need be. */
  public static String suffixed(String userName, String suffix) {
    return cut(userName, MAX_NAME_BYTES - bytes(suffix) - 1) + "_" + suffix;
  }

  private static String cut(String text, int room) {
    StringBuilder kept = new StringBuilder();
    text.codePoints()
        .takeWhile(c -> bytes(kept.toString()) + bytes(new String(Character.toChars(c))) <= room)
        .forEach(kept::appendCodePoint);
    return kept.toString();
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
