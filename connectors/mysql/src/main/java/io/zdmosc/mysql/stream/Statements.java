package io.zdmosc.mysql.stream;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.ChangeListener;
import io.zdmosc.mysql.stream.event.QueryEvent;
import io.zdmosc.mysql.stream.statement.StatementJudge;

/** Ends the stream where the log holds a statement after which it would not tell everything. */
final class Statements {
  private static final int MOST_CHARACTERS = 300;

  private final StatementJudge judge;
  private final String table;
  private final ChangeListener listener;
  private final String swap;
  private final Runnable swapped;

  /**
   * @param swap our own statement behind which the table's name means another table
   * @param swapped is told of it
   */
  Statements(
      StatementJudge judge, String table, ChangeListener listener, String swap, Runnable swapped) {
    this.swap = swap;
    this.swapped = swapped;
    this.judge = judge;
    this.table = table;
    this.listener = listener;
  }

  void judge(QueryEvent query, BinlogPosition position) {
    if (!swap.isEmpty() && query.sql().equals(swap)) {
      swapped.run();
      return;
    }
    switch (judge.judge(query)) {
      case TRUNCATES -> listener.onTruncate();
      case RESHAPES ->
          throw MigrationFailedException.changesLost(
              "Table " + table + " was changed while it was being migrated, by: " + shown(query),
              "The source table is as that change left it.",
              "Run the migration again.");
      case HIDES_ROWS ->
          throw MigrationFailedException.changesLost(
              "A session wrote with binlog_format = STATEMENT or MIXED: at "
                  + position
                  + " the log holds a statement instead of the rows that it changed, which may be"
                  + " rows of "
                  + table
                  + ": "
                  + shown(query),
              "The source table is untouched.",
              "See that every session uses binlog_format = ROW, and run the migration again.");
      case HARMLESS -> {}
    }
  }

  /** The failure for an incident event: the server itself says that the log misses something. */
  MigrationFailedException incident(BinlogPosition position) {
    return MigrationFailedException.changesLost(
        "The server notes at " + position + " that changes are missing in its binary log.",
        "The source table is untouched.",
        "Look for the reason in the server's error log, and run the migration again.");
  }

  private static String shown(QueryEvent query) {
    String sql = query.sql();
    return sql.length() <= MOST_CHARACTERS ? sql : sql.substring(0, MOST_CHARACTERS) + " ...";
  }
}
