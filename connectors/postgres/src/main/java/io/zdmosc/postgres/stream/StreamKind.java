package io.zdmosc.postgres.stream;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.postgres.sql.SessionFactory;
import io.zdmosc.postgres.stream.debezium.DebeziumChangeStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The ways to read the change stream. Both pass the same contract. */
public enum StreamKind {
  /** Reads the plugin's messages straight from the driver: keys of every type, least CPU time. */
  PGOUTPUT {
    @Override
    public ChangeStream open(StreamSettings settings) {
      return new PgOutputStream(settings);
    }

    @Override
    public List<Problem> problems(
        SessionFactory sessions, String schema, String table, List<String> keyColumns) {
      return List.of();
    }
  },

  /** Debezium's embedded engine, for keys of the types that it carries without loss. */
  DEBEZIUM {
    @Override
    public ChangeStream open(StreamSettings settings) {
      return new DebeziumChangeStream(settings);
    }

    @Override
    public List<Problem> problems(
        SessionFactory sessions, String schema, String table, List<String> keyColumns) {
      return DebeziumChangeStream.problems(sessions, schema, table, keyColumns, "");
    }
  };

  /** Opens a stream of this kind; slot and publication exist. */
  public abstract ChangeStream open(StreamSettings settings);

  /** Reasons against reading this table in this way, asked for before anything is made. */
  public abstract List<Problem> problems(
      SessionFactory sessions, String schema, String table, List<String> keyColumns);

  /**
   * The kind of this name; {@link #PGOUTPUT} for an empty one.
   *
   * @throws RefusedException for any other name
   */
  public static StreamKind of(String name) {
    if (name.isEmpty()) {
      return PGOUTPUT;
    }
    return Arrays.stream(values())
        .filter(kind -> kind.label().equals(name.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                RefusedException.of(
                    "--stream " + name,
                    "is no change stream of PostgreSQL",
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
