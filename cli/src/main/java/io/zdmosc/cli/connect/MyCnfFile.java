package io.zdmosc.cli.connect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The option file of MySQL's and MariaDB's own tools: sections in brackets, lines of {@code name =
 * value}, with or without quotes. Of it the sections count that every client reads.
 *
 * <p>As those tools do, a file that everybody can write to is left alone.
 */
final class MyCnfFile {
  private static final Set<String> SECTIONS = Set.of("client", "client-server", "client-mariadb");

  private final Path file;
  private final Consumer<String> warnings;

  MyCnfFile(Path file, Consumer<String> warnings) {
    this.file = file;
    this.warnings = warnings;
  }

  /** The options by name, with dashes; the last one counts. */
  Map<String, String> options() {
    Map<String, String> options = new HashMap<>();
    try {
      if (!Files.isRegularFile(file) || isOpenToAll()) {
        return options;
      }
      String section = "";
      for (String raw : Files.readAllLines(file)) {
        String line = raw.strip();
        if (line.startsWith("[") && line.endsWith("]")) {
          section = line.substring(1, line.length() - 1).strip().toLowerCase(Locale.ROOT);
        } else if (SECTIONS.contains(section)) {
          read(line, options);
        }
      }
    } catch (IOException e) {
      warnings.accept("The option file " + file + " cannot be read and is ignored: " + e);
    }
    return options;
  }

  private boolean isOpenToAll() throws IOException {
    boolean open =
        file.getFileSystem().supportedFileAttributeViews().contains("posix")
            && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_WRITE);
    if (open) {
      warnings.accept(
          "The option file "
              + file
              + " is ignored: everybody can write to it; run: chmod 600 "
              + file);
    }
    return open;
  }

  private static void read(String line, Map<String, String> options) {
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
