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
        "Required, unless --alter-file or --partition-by is given"
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

  @Option(
      names = "--rebuild-materialized-views",
      order = 15,
      description = {
        "PostgreSQL: materialized views that read the table are made anew on the new one and filled"
            + " right before the cut-over; without this they are refused"
      })
  boolean rebuildMaterializedViews;

  @Option(
      names = "--allow-all-tables-publication",
      order = 15,
      paramLabel = "NAME",
      description = {
        "PostgreSQL: a publication FOR ALL TABLES that may stay, since whoever reads it leaves out"
            + " what he is not told to read. Once for each"
      })
  List<String> allowAllTablesPublication;

  @Option(
      names = "--partition-by",
      order = 16,
      paramLabel = "KEY",
      description = {
        "Makes a partitioned table of a plain one (PostgreSQL): what follows PARTITION BY, as in"
            + " 'RANGE (created_at)'"
      })
  String partitionBy;

  @Option(
      names = "--partitions",
      order = 17,
      paramLabel = "RULE",
      description = {
        "Its partitions, by rules with commas between them: monthly:2023-01..2027-01 (also daily,"
            + " weekly, yearly; the end is not in it), hash:8, default. Once or more"
      })
  List<String> partitions;

  @Option(
      names = "--partitions-file",
      order = 18,
      paramLabel = "FILE",
      description = "File with a partition in each line: name FOR VALUES ..., or name DEFAULT")
  String partitionsFile;
}
