package io.zdmosc.engine;

import static java.util.Objects.requireNonNull;

/**
 * What the user asked for.
 *
 * @param table the table's name as the user wrote it, with or without a schema, quoted or not
 * @param alter what follows {@code ALTER TABLE t}; empty to rebuild the table as it is
 * @param stream the change stream to use, by the name that the connector gives it; empty for the
 *     connector's own choice
 */
public record ChangeRequest(String table, String alter, String stream) {
  public ChangeRequest {
    requireNonNull(table, "table is null");
    requireNonNull(alter, "alter is null");
    requireNonNull(stream, "stream is null");
  }

  /** With the connector's own choice of change stream. */
  public ChangeRequest(String table, String alter) {
    this(table, alter, "");
  }
}
