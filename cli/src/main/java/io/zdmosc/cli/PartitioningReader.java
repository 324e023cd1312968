package io.zdmosc.cli;

import io.zdmosc.cli.config.Setting;
import io.zdmosc.cli.config.Settings;
import io.zdmosc.engine.Partitioning;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads how the new table is to be partitioned from the settings. */
final class PartitioningReader {
  private static final String REMEDY =
      "Give --partitions, as in monthly:2023-01..2027-01,default, or --partitions-file.";

  private final Settings settings;
  private final Path directory;

  PartitioningReader(Settings settings, Path directory) {
    this.settings = settings;
    this.directory = directory;
  }

  /** Empty when it is not to be partitioned; problems are recorded. */
  Optional<Partitioning> read() {
    List<String> partitions = new ArrayList<>();
    settings.text("partitions").ifPresent(rules -> add(rules.split("[,\n]"), partitions));
    settings
        .get("partitions-file")
        .flatMap(file -> TextFile.read(settings, file, directory))
        .ifPresent(lines -> add(lines.split("\\R"), partitions));
    Optional<Setting> by = settings.get("partition-by");
    if (by.isEmpty()) {
      if (settings.get("partitions").isPresent() || settings.get("partitions-file").isPresent()) {
        settings
            .problems()
            .addMissing("--partition-by", "Say by what: --partition-by 'RANGE (created_at)'.");
      }
      return Optional.empty();
    }
    if (partitions.isEmpty()) {
      settings.problems().add(by.get().origin(), "no partitions are given", REMEDY);
    }
    return Optional.of(new Partitioning(by.get().text().strip(), partitions));
  }

  /** Blank lines and those that begin with {@code #} or {@code --} are passed over. */
  private static void add(String[] texts, List<String> to) {
    for (String text : texts) {
      String stripped = text.strip();
      if (!stripped.isEmpty() && !stripped.startsWith("#") && !stripped.startsWith("--")) {
        to.add(stripped);
      }
    }
  }
}
