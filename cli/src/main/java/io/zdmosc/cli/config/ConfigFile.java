package io.zdmosc.cli.config;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A YAML file with one value per option, by the option's long name without dashes. */
public final class ConfigFile {
  /** The file that is read when none is named. */
  public static final String DEFAULT_NAME = "zdm-osc.yaml";

  /** Those that may have several values. */
  private static final Set<String> LISTS = Set.of("replica");

  private final Set<String> known;
  private final Set<String> commandLineOnly;
  private final Problems problems;

  /**
   * @param known the long names of the options of all commands
   * @param commandLineOnly those of them that a file must not give
   */
  public ConfigFile(Set<String> known, Set<String> commandLineOnly, Problems problems) {
    this.known = Set.copyOf(known);
    this.commandLineOnly = Set.copyOf(commandLineOnly);
    this.problems = requireNonNull(problems, "problems is null");
  }

  /** Reads the file; what is wrong with it becomes problems, each with the key's name. */
  public Map<String, Setting> read(Path file) {
    Map<String, Setting> settings = new LinkedHashMap<>();
    JsonNode root = parse(file);
    if (root == null || root.isMissingNode() || root.isNull()) {
      return settings;
    }
    if (!root.isObject()) {
      problems.add(file.toString(), "is not a list of 'key: value'", "Write one option per line.");
      return settings;
    }
    String name = file.getFileName().toString();
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      String origin = entry.getKey() + " in " + name;
      if (accepts(entry.getKey(), entry.getValue(), origin)) {
        settings.put(
            entry.getKey(),
            new Setting(
                entry.getKey(), text(entry.getValue()), Setting.Source.CONFIG_FILE, origin));
      }
    }
    return settings;
  }

  private JsonNode parse(Path file) {
    try {
      YAMLMapper mapper =
          YAMLMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();
      return mapper.readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      String where = at == null ? "" : " (line " + at.getLineNr() + ")";
      problems.add(
          file.toString(),
          "is not valid YAML" + where + ": " + firstLine(e.getOriginalMessage()),
          "Write one 'key: value' per line.");
    } catch (IOException e) {
      problems.add(
          file.toString(),
          "cannot be read: " + FileTrouble.reason(e),
          "Check the name and the file's permissions.");
    }
    return null;
  }

  private boolean accepts(String key, JsonNode value, String origin) {
    if (!known.contains(key)) {
      if (key.toLowerCase(Locale.ROOT).contains("password")) {
        problems.add(
            origin,
            "a config file must not hold a password",
            "Use password-file, PGPASSWORD, ~/.pgpass, MYSQL_PWD, ~/.mylogin.cnf, ~/.my.cnf or the prompt.");
      } else {
        problems.add(origin, "is not an option", Suggestion.remedy(key, known));
      }
      return false;
    }
    if (commandLineOnly.contains(key)) {
      problems.add(origin, "works on the command line only", "Remove it from the file.");
      return false;
    }
    if (LISTS.contains(key) && isList(value)) {
      return true;
    }
    if (!value.isValueNode() || value.isNull()) {
      problems.add(origin, "has no single value", "Write '" + key + ": value'.");
      return false;
    }
    return true;
  }

  private static boolean isList(JsonNode value) {
    return value.isArray()
        && !value.isEmpty()
        && StreamSupport.stream(value.spliterator(), false).allMatch(JsonNode::isTextual);
  }

  /** Of a list, one element per line. */
  private static String text(JsonNode value) {
    return value.isArray()
        ? StreamSupport.stream(value.spliterator(), false)
            .map(JsonNode::asText)
            .collect(Collectors.joining("\n"))
        : value.asText();
  }

  private static String firstLine(String text) {
    return text == null ? "" : text.lines().findFirst().orElse("");
  }
}
