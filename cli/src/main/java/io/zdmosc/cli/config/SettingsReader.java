package io.zdmosc.cli.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Puts command line and config file together; the command line wins. */
public final class SettingsReader {
  private static final Set<String> COMMAND_LINE_ONLY = Set.of("config", "help", "version", "yes");

  private final Path directory;

  /**
   * @param directory where relative file names begin, and where the default config file is looked
   *     for
   */
  public SettingsReader(Path directory) {
    this.directory = directory;
  }

  /** Reads the settings of the command that was parsed. Problems are left to the caller. */
  public Settings read(ParseResult parsed) {
    Problems problems = new Problems();
    Map<String, Setting> given = commandLine(parsed);
    Map<String, Setting> values = new LinkedHashMap<>();
    Path file = directory.resolve(ConfigFile.DEFAULT_NAME);
    Setting config = given.get("config");
    if (config != null) {
      file = directory.resolve(config.text());
    }
    if (config != null || Files.exists(file)) {
      Set<String> known = knownNames(parsed.commandSpec().root().commandLine());
      values.putAll(new ConfigFile(known, COMMAND_LINE_ONLY, problems).read(file));
    }
    if (given.containsKey("alter") || given.containsKey("alter-file")) {
      values.remove("alter");
      values.remove("alter-file");
    }
    values.putAll(given);
    return new Settings(values, problems);
  }

  private static Map<String, Setting> commandLine(ParseResult parsed) {
    Map<String, Setting> given = new LinkedHashMap<>();
    for (OptionSpec option : parsed.matchedOptions()) {
      String text = text(option);
      given.put(
          nameOf(option),
          new Setting(nameOf(option), text, Setting.Source.COMMAND_LINE, option.longestName()));
    }
    return given;
  }

  /** A flag that is given several times counts; texts stand below each other. */
  private static String text(OptionSpec option) {
    if (!option.isMultiValue()) {
      return String.valueOf(option.<Object>getValue());
    }
    return option.auxiliaryTypes()[0] == String.class
        ? String.join("\n", option.stringValues())
        : Integer.toString(option.stringValues().size());
  }

  /** The long names, without dashes, of the options of all commands. */
  public static Set<String> knownNames(CommandLine root) {
    return commands(root)
        .flatMap(command -> command.getCommandSpec().options().stream())
        .filter(option -> option.longestName().startsWith("--"))
        .map(SettingsReader::nameOf)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** All below this one. */
  private static Stream<CommandLine> commands(CommandLine parent) {
    return parent.getSubcommands().values().stream()
        .flatMap(command -> Stream.concat(Stream.of(command), commands(command)));
  }

  private static String nameOf(OptionSpec option) {
    return option.longestName().replaceFirst("^-+", "");
  }
}
