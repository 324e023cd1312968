package io.zdmosc.postgres.alter;

/**
 * What the server makes of the text of an identifier.
 *
 * <p>Guarantees, for a server whose encoding is UTF-8:
 *
 * <ul>
 *   <li>unquoted names are folded to lower case in ASCII only, as the server does for every
 *       encoding of several bytes;
 *   <li>names of more than 63 bytes are cut before the first character that does not fit whole.
 * </ul>
 */
final class ServerNames {
  /** NAMEDATALEN - 1, which only a server compiled differently has otherwise. */
  static final int MAX_BYTES = 63;

  private ServerNames() {}

  static String unquoted(String written) {
    StringBuilder folded = new StringBuilder(written.length());
    for (int i = 0; i < written.length(); i++) {
      char c = written.charAt(i);
      folded.append(c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
    }
    return truncated(folded.toString());
  }

  static String truncated(String name) {
    int bytes = 0;
    int i = 0;
    while (i < name.length()) {
      int codePoint = name.codePointAt(i);
      bytes += utf8Length(codePoint);
      if (bytes > MAX_BYTES) {
        return name.substring(0, i);
      }
      i += Character.charCount(codePoint);
    }
    return name;
  }

  private static int utf8Length(int codePoint) {
    if (codePoint < 0x80) {
      return 1;
    }
    if (codePoint < 0x800) {
      return 2;
    }
    return codePoint < 0x10000 ? 3 : 4;
  }
}
