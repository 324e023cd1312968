package io.zdmosc.cli;

import io.zdmosc.cli.config.FileTrouble;
import io.zdmosc.cli.config.Setting;
import io.zdmosc.cli.config.Settings;
import io.zdmosc.engine.ChangeRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads what is to change from the settings. */
final class ChangeReader {
  private final Settings settings;
  private final Path directory;

  ChangeReader(Settings settings, Path directory) {
    this.settings = settings;
    this.directory = directory;
  }

  /** Empty, and problems are recorded, when the input does not say. */
  Optional<ChangeRequest> read() {
    Optional<String> table =
        settings
            .required("table", "Name the table: --table users, or --table shop.users.")
            .filter(this::isNotBlank);
    Optional<String> alter = alter();
    return table.isPresent() && alter.isPresent()
        ? Optional.of(new ChangeRequest(table.get().strip(), alter.get().strip(), stream()))
        : Optional.empty();
  }

  private String stream() {
    return settings.get("stream").map(Setting::text).orElse("").strip();
  }

  private boolean isNotBlank(String table) {
    if (table.isBlank()) {
      settings.problems().add("--table", "is empty", "Name the table: --table users.");
    }
    return !table.isBlank();
  }

  private Optional<String> alter() {
    Optional<Setting> file = settings.get("alter-file");
    if (file.isEmpty()) {
      return settings.required(
          "alter", "Give what follows ALTER TABLE, or '' to rebuild the table as it is.");
    }
    if (settings.get("alter").isPresent()) {
      settings
          .problems()
          .add("--alter and --alter-file", "are both given", "Give the clause in one of the two.");
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readString(directory.resolve(file.get().text())));
    } catch (IOException e) {
      settings
          .problems()
          .add(
              file.get().origin(),
              file.get().text() + " cannot be read: " + FileTrouble.reason(e),
              "Check the name and the file's permissions.");
      return Optional.empty();
    }
  }
}
