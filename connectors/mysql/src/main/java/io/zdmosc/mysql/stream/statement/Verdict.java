package io.zdmosc.mysql.stream.statement;

/** What a statement in the log means to a migration. */
public enum Verdict {
  /** Nothing. */
  HARMLESS,
  /** It emptied the source table. */
  TRUNCATES,
  /** It changed the source table's shape, its name or its being there. */
  RESHAPES,
  /** It may have changed rows of the source table, which the log does not name. */
  HIDES_ROWS
}
