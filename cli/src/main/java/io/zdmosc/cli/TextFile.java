package io.zdmosc.cli;

import io.zdmosc.cli.config.FileTrouble;
import io.zdmosc.cli.config.Setting;
import io.zdmosc.cli.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the file that a setting names. */
final class TextFile {
  private TextFile() {}

  /**
   * The whole file; empty, and a problem is recorded, when it cannot be read.
   *
   * @param directory where a relative name begins
   */
  static Optional<String> read(Settings settings, Setting file, Path directory) {
    try {
      return Optional.of(Files.readString(directory.resolve(file.text())));
    } catch (IOException e) {
      settings
          .problems()
          .add(
              file.origin(),
              file.text() + " cannot be read: " + FileTrouble.reason(e),
              "Check the name and the file's permissions.");
      return Optional.empty();
    }
  }
}
