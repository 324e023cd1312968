package io.zdmosc.mysql.stream;

import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.spi.ChangeStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The ways to read the change stream. */
public enum StreamKind {
  /** Reads the binary log straight from the server, as a replica does. */
  BINLOG {
    @Override
    public ChangeStream open(StreamSettings settings) {
      return new BinlogStream(settings);
    }
  };

  /** Opens a stream of this kind. */
  public abstract ChangeStream open(StreamSettings settings);

  /**
   * The kind of this name; {@link #BINLOG} for an empty one.
   *
   * @throws RefusedException for any other name
   */
  public static StreamKind of(String name) {
    if (name.isEmpty()) {
      return BINLOG;
    }
    return Arrays.stream(values())
        .filter(kind -> kind.label().equals(name.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                RefusedException.of(
                    "--stream " + name,
                    "is no change stream of MySQL and MariaDB",
                    "Choose one of: "
                        + Arrays.stream(values())
                            .map(StreamKind::label)
                            .collect(Collectors.joining(", "))
                        + "."));
  }

  private String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
