package io.zdmosc.cli;

import java.util.List;
import picocli.CommandLine.Option;

/** Options that say what is to change. */
final class ChangeOptions {
  @Option(
      names = "--table",
      order = 10,
      paramLabel = "[SCHEMA.]TABLE",
      description = "Table to change, quoted as in SQL where it must be. Required")
  String table;

  @Option(
      names = "--alter",
      order = 11,
      paramLabel = "CLAUSE",
      description = {
        "What follows ALTER TABLE name; '' rebuilds the table as it is.",
        "Required, unless --alter-file is given"
      })
  String alter;

  @Option(
      names = "--alter-file",
      order = 12,
      paramLabel = "FILE",
      description = "File that holds the clause, in place of --alter")
  String alterFile;

  @Option(
      names = "--stream",
      order = 13,
      paramLabel = "NAME",
      description =
          "How changes are read: on PostgreSQL pgoutput (the default) or debezium, Debezium's"
              + " embedded engine")
  String stream;

  @Option(
      names = "--reverse",
      order = 14,
      paramLabel = "COLUMN=EXPRESSION",
      description = {
        "How a column of the old table gets its values from the new one, where the plan says that it"
            + " does not know. Once for each column"
      })
  List<String> reverse;

  @Option(
      names = "--drop-dependents",
      order = 15,
      paramLabel = "VIEW",
      description = {
        "PostgreSQL: a view that the cut-over drops, where it cannot go on with the new table. Once"
            + " for each view; what reads it must be named too"
      })
  List<String> dropDependents;
}
