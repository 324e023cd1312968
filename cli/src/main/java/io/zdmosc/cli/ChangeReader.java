package io.zdmosc.cli;

import io.zdmosc.cli.config.Setting;
import io.zdmosc.cli.config.Settings;
import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Dependents;
import io.zdmosc.engine.Partitioning;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what is to change from the settings. */
final class ChangeReader {
  /** A name, quoted or not, and what follows the first equals sign behind it. */
  private static final Pattern REVERSE =
      Pattern.compile("(\"(?:[^\"]|\"\")+\"|`(?:[^`]|``)+`|[^\\s\"`=]+)\\s*=\\s*(\\S.*)");

  private static final String REVERSE_REMEDY =
      "Name a column of the old table and an expression over the new one: --reverse 'cents ="
          + " round(amount * 100)'.";

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
    Optional<Partitioning> partitioning = new PartitioningReader(settings, directory).read();
    return table.isPresent() && alter.isPresent()
        ? Optional.of(
            new ChangeRequest(
                table.get().strip(),
                alter.get().strip(),
                stream(),
                settings.flag("hold"),
                reverse(),
                dependents(),
                partitioning))
        : Optional.empty();
  }

  private Dependents dependents() {
    return new Dependents(
        names("drop-dependents"),
        settings.flag("rebuild-materialized-views"),
        names("allow-all-tables-publication"));
  }

  /** Names, one below the other. */
  private List<String> names(String setting) {
    return settings
        .text(setting)
        .map(text -> text.lines().map(String::strip).filter(it -> !it.isEmpty()).toList())
        .orElse(List.of());
  }

  /** {@code column = expression}, one below the other. */
  private Map<String, String> reverse() {
    Map<String, String> expressions = new LinkedHashMap<>();
    settings
        .get("reverse")
        .ifPresent(setting -> setting.text().lines().forEach(line -> add(line, expressions)));
    return expressions;
  }

  private void add(String line, Map<String, String> expressions) {
    Matcher parts = REVERSE.matcher(line.strip());
    if (line.isBlank()) {
      return;
    }
    if (!parts.matches()) {
      settings
          .problems()
          .add("--reverse", "'" + line + "' is not 'column = expression'", REVERSE_REMEDY);
      return;
    }
    if (expressions.put(name(parts.group(1)), parts.group(2).strip()) != null) {
      settings
          .problems()
          .add("--reverse", "column " + parts.group(1) + " is given twice", "Give it once.");
    }
  }

  /** As the server has it: quoted as it is, else in lower case. */
  private static String name(String written) {
    char quote = written.charAt(0);
    if (quote == '"' || quote == '`') {
      String doubled = String.valueOf(quote).repeat(2);
      return written.substring(1, written.length() - 1).replace(doubled, String.valueOf(quote));
    }
    return written.toLowerCase(Locale.ROOT);
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
    if (file.isEmpty() && settings.get("partition-by").isPresent()) {
      return Optional.of(settings.text("alter").orElse(""));
    }
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
    return TextFile.read(settings, file.get(), directory);
  }
}
