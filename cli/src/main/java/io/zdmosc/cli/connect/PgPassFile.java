package io.zdmosc.cli.connect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * libpq's password file: lines of {@code host:port:database:user:password}, where a star matches
 * everything and a backslash takes the meaning from a colon or a backslash. The first line that
 * matches counts.
 *
 * <p>The driver has a reader of its own, which leaves out libpq's rule that a file open to others
 * is not to be trusted. So the rule is kept here, and the driver's reader is switched off for such
 * a file.
 */
final class PgPassFile {
  private static final Set<PosixFilePermission> OPEN_TO_OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  private final Path file;
  private final Consumer<String> warnings;

  PgPassFile(Path file, Consumer<String> warnings) {
    this.file = file;
    this.warnings = warnings;
  }

  static Path defaultFile(Path home, Map<String, String> environment) {
    if (System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows")) {
      String data = environment.getOrDefault("APPDATA", home.toString());
      return Path.of(data, "postgresql", "pgpass.conf");
    }
    return home.resolve(".pgpass");
  }

  Optional<String> find(String host, String port, String database, String user) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      if (!isTrustworthy()) {
        return Optional.empty();
      }
      for (String line : Files.readAllLines(file)) {
        Optional<String> password = match(line, List.of(host, port, database, user));
        if (password.isPresent()) {
          return password;
        }
      }
    } catch (IOException e) {
      warnings.accept("The password file " + file + " cannot be read and is ignored: " + e);
    }
    return Optional.empty();
  }

  private boolean isTrustworthy() throws IOException {
    if (!Files.isRegularFile(file)) {
      return ignored("it is not a plain file");
    }
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return true;
    }
    for (PosixFilePermission permission : Files.getPosixFilePermissions(file)) {
      if (OPEN_TO_OTHERS.contains(permission)) {
        return ignored("others have access to it; run: chmod 600 " + file);
      }
    }
    return true;
  }

  private boolean ignored(String reason) {
    warnings.accept("The password file " + file + " is ignored: " + reason);
    System.setProperty("org.postgresql.pgpassfile", "/dev/null");
    return false;
  }

  private static Optional<String> match(String line, List<String> wanted) {
    if (line.isBlank() || line.startsWith("#")) {
      return Optional.empty();
    }
    List<Field> fields = split(line);
    if (fields.size() <= wanted.size()) {
      return Optional.empty();
    }
    for (int i = 0; i < wanted.size(); i++) {
      if (!fields.get(i).matches(wanted.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(fields.get(wanted.size()).text()).filter(password -> !password.isEmpty());
  }

  private static List<Field> split(String line) {
    List<Field> fields = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    boolean escaped = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\' && i + 1 < line.length()) {
        i++;
        text.append(line.charAt(i));
        escaped = true;
      } else if (c == ':') {
        fields.add(new Field(text.toString(), escaped));
        text.setLength(0);
        escaped = false;
      } else {
        text.append(c);
      }
    }
    fields.add(new Field(text.toString(), escaped));
    return fields;
  }

  private record Field(String text, boolean escaped) {
    boolean matches(String value) {
      return (text.equals("*") && !escaped) || text.equals(value);
    }
  }
}
