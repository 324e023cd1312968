package io.zdmosc.cli.connect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The option file of MySQL's and MariaDB's own tools, with the files that it includes by {@code
 * !include} and {@code !includedir}.
 *
 * <p>As those tools do, a file that everybody can write to is left alone.
 */
final class MyCnfFile {
  /** As in the tools; a circle of files ends here. */
  private static final int DEEPEST = 10;

  private static final String INCLUDE = "!include";
  private static final String INCLUDE_FOLDER = "!includedir";

  private final Path file;
  private final Consumer<String> warnings;

  MyCnfFile(Path file, Consumer<String> warnings) {
    this.file = file;
    this.warnings = warnings;
  }

  /** The options by name, with dashes; the last one counts. */
  Map<String, String> options() {
    MyCnfLines lines = new MyCnfLines();
    read(file, lines, 1);
    return lines.options();
  }

  private void read(Path from, MyCnfLines lines, int depth) {
    try {
      if (!Files.isRegularFile(from) || isOpenToAll(from)) {
        return;
      }
      String section = "";
      for (String raw : Files.readAllLines(from)) {
        String line = raw.strip();
        section = MyCnfLines.section(line).orElse(section);
        if (line.startsWith("!")) {
          include(line, lines, depth);
        } else {
          lines.read(section, line);
        }
      }
    } catch (IOException | InvalidPathException e) {
      warnings.accept("The option file " + from + " cannot be read and is ignored: " + e);
    }
  }

  private void include(String line, MyCnfLines lines, int depth) throws IOException {
    if (depth == DEEPEST) {
      return;
    }
    if (line.startsWith(INCLUDE_FOLDER)) {
      Path folder = Path.of(line.substring(INCLUDE_FOLDER.length()).strip());
      if (Files.isDirectory(folder)) {
        for (Path each : filesOf(folder)) {
          read(each, lines, depth + 1);
        }
      }
    } else if (line.startsWith(INCLUDE)) {
      read(Path.of(line.substring(INCLUDE.length()).strip()), lines, depth + 1);
    }
  }

  private static List<Path> filesOf(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(each -> each.toString().endsWith(".cnf")).sorted().toList();
    }
  }

  private boolean isOpenToAll(Path from) throws IOException {
    boolean open =
        from.getFileSystem().supportedFileAttributeViews().contains("posix")
            && Files.getPosixFilePermissions(from).contains(PosixFilePermission.OTHERS_WRITE);
    if (open) {
      warnings.accept(
          "The option file "
              + from
              + " is ignored: everybody can write to it; run: chmod 600 "
              + from);
    }
    return open;
  }
}
