package io.zdmosc.cli.config;

import static java.util.Objects.requireNonNull;

/**
 * The value that an option was given.
 *
 * @param name the option's long name without dashes
 * @param text the value as it was written
 * @param source the place it comes from
 * @param origin that place as messages name it: {@code --threads}, {@code threads in zdm-osc.yaml}
 */
public record Setting(String name, String text, Source source, String origin) {
  public Setting {
    requireNonNull(name, "name is null");
    requireNonNull(text, "text is null");
    requireNonNull(source, "source is null");
    requireNonNull(origin, "origin is null");
  }

  /** The places that settings come from; the first one wins. */
  public enum Source {
    COMMAND_LINE,
    CONFIG_FILE
  }
}
