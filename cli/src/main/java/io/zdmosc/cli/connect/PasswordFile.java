package io.zdmosc.cli.connect;

import io.zdmosc.cli.config.FileTrouble;
import io.zdmosc.cli.config.Problems;
import io.zdmosc.cli.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A file whose first line is the password. */
public final class PasswordFile {
  private final Path directory;
  private final Problems problems;
  private final Consumer<String> warnings;

  public PasswordFile(Path directory, Problems problems, Consumer<String> warnings) {
    this.directory = directory;
    this.problems = problems;
    this.warnings = warnings;
  }

  /** The password; empty, and a problem, when the file does not give one. */
  public Optional<String> read(Setting setting) {
    Path file = directory.resolve(setting.text());
    try {
      Optional<String> password = Files.readString(file).lines().findFirst();
      if (password.isEmpty() || password.get().isEmpty()) {
        problems.add(
            setting.origin(), file + " has an empty first line", "Write the password there.");
        return Optional.empty();
      }
      warnIfOpen(file);
      return password;
    } catch (IOException e) {
      problems.add(
          setting.origin(),
          file + " cannot be read: " + FileTrouble.reason(e),
          "Check the name and the file's permissions.");
      return Optional.empty();
    }
  }

  /**
   * Only a warning: mounted secrets are often readable for all, inside a container of one's own.
   */
  private void warnIfOpen(Path file) throws IOException {
    if (!Files.isRegularFile(file)
        || !file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (permissions.contains(PosixFilePermission.GROUP_READ)
        || permissions.contains(PosixFilePermission.OTHERS_READ)) {
      warnings.accept("Other users can read the password in " + file + "; run: chmod 600 " + file);
    }
  }
}
