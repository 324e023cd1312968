package io.zdmosc.cli.connect;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The lines of option files, as MySQL's and MariaDB's own tools read them: sections in brackets,
 * lines of {@code name = value}, with or without quotes. Of it the sections count that the
 * command-line client reads.
 */
final class MyCnfLines {
  private static final Set<String> SECTIONS =
      Set.of("client", "client-server", "client-mariadb", "mysql", "mariadb-client");

  private final Map<String, String> options = new HashMap<>();

  /** The section that begins with this line, in lower case; empty when none does. */
  static Optional<String> section(String line) {
    return line.startsWith("[") && line.endsWith("]")
        ? Optional.of(line.substring(1, line.length() - 1).strip().toLowerCase(Locale.ROOT))
        : Optional.empty();
  }

  /** Takes a line of a section; what begins or ends with blanks has been stripped. */
  void read(String section, String line) {
    if (SECTIONS.contains(section)) {
      read(line);
    }
  }

  /** The options by name, with dashes; the last one read counts. */
  Map<String, String> options() {
    return Map.copyOf(options);
  }

  private void read(String line) {
    if (line.isEmpty() || line.startsWith("#") || line.startsWith(";") || line.startsWith("!")) {
      return;
    }
    int equals = line.indexOf('=');
    if (equals > 0) {
      String name = line.substring(0, equals).strip().toLowerCase(Locale.ROOT).replace('_', '-');
      value(line.substring(equals + 1).strip()).ifPresent(value -> options.put(name, value));
    }
  }

  private static Optional<String> value(String text) {
    boolean quoted =
        text.length() >= 2
            && (text.charAt(0) == '"' || text.charAt(0) == '\'')
            && text.indexOf(text.charAt(0), 1) > 0;
    String value = quoted ? text.substring(1, text.indexOf(text.charAt(0), 1)) : uncommented(text);
    return value.isEmpty() ? Optional.empty() : Optional.of(unescaped(value));
  }

  private static String uncommented(String text) {
    int comment = text.indexOf(" #");
    return comment < 0 ? text : text.substring(0, comment).strip();
  }

  private static String unescaped(String text) {
    StringBuilder value = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int escape = c == '\\' && i + 1 < text.length() ? "btnrs\\".indexOf(text.charAt(i + 1)) : -1;
      value.append(escape < 0 ? c : "\b\t\n\r \\".charAt(escape));
      i += escape < 0 ? 0 : 1;
    }
    return value.toString();
  }
}
