package io.zdmosc.cli.config;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The values of all options of one command.
 *
 * <p>A value that cannot be understood is recorded as a problem and read as if it were absent, so
 * that reading goes on and all problems come out together.
 */
public final class Settings {
  private final Map<String, Setting> values;
  private final Problems problems;

  public Settings(Map<String, Setting> values, Problems problems) {
    this.values = Map.copyOf(values);
    this.problems = requireNonNull(problems, "problems is null");
  }

  public Problems problems() {
    return problems;
  }

  public Optional<Setting> get(String name) {
    return Optional.ofNullable(values.get(name));
  }

  public Optional<String> text(String name) {
    return get(name).map(Setting::text);
  }

  /** The value of a setting that must be given; empty, and a problem, when it is not. */
  public Optional<String> required(String name, String remedy) {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      problems.addMissing("--" + name, remedy);
    }
    return text;
  }

  /**
   * The value as the parser understands it.
   *
   * @param remedy what to write instead, for when the parser throws {@link
   *     IllegalArgumentException}
   */
  public <T> Optional<T> parsed(String name, Parser<T> parser, String remedy) {
    Optional<Setting> setting = get(name);
    if (setting.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(parser.parse(setting.get().text()));
    } catch (IllegalArgumentException e) {
      problems.add(
          setting.get().origin(), "'" + setting.get().text() + "' " + e.getMessage(), remedy);
      return Optional.empty();
    }
  }

  /** One of an enum's constants by its name in lower case. */
  public <E extends Enum<E>> Optional<E> choice(String name, Class<E> type) {
    String known =
        Stream.of(type.getEnumConstants())
            .map(constant -> constant.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(" or "));
    return parsed(
        name,
        text -> {
          for (E constant : type.getEnumConstants()) {
            if (constant.name().equalsIgnoreCase(text.strip())) {
              return constant;
            }
          }
          throw new IllegalArgumentException("is not one of the choices");
        },
        "Give " + known + ".");
  }

  /** True when the setting is given and says so. */
  public boolean flag(String name) {
    return parsed(
            name,
            text ->
                switch (text.strip().toLowerCase(Locale.ROOT)) {
                  case "true" -> true;
                  case "false" -> false;
                  default -> throw new IllegalArgumentException("is neither true nor false");
                },
            "Give true or false.")
        .orElse(false);
  }

  /** Understands a value, or throws {@link IllegalArgumentException} saying why it does not. */
  @FunctionalInterface
  public interface Parser<T> {
    T parse(String text);
  }
}
