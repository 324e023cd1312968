package io.zdmosc.postgres.shadow;

import static io.zdmosc.postgres.sql.Sql.name;
import static io.zdmosc.postgres.sql.Sql.names;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.postgres.catalog.ConstraintInfo;
import io.zdmosc.postgres.catalog.IndexInfo;
import io.zdmosc.postgres.partition.Partition;
import io.zdmosc.postgres.partition.PartitionLayout;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Makes a template partitioned, and collects what the server does not let be so. */
final class TemplatePartitions {
  private final Session session;
  private final PartitionLayout layout;
  private final SourceTable plain;
  private final String schema;
  private final String userSearchPath;
  private final List<Problem> problems = new ArrayList<>();
  private String table;

  /**
   * @param plain what is to be cut into partitions
   * @param schema of the partitioned table
   */
  TemplatePartitions(
      Session session,
      PartitionLayout layout,
      SourceTable plain,
      String schema,
      String userSearchPath) {
    this.session = session;
    this.layout = layout;
    this.plain = plain;
    this.schema = schema;
    this.userSearchPath = userSearchPath;
  }

  /** A statement or several. */
  @FunctionalInterface
  interface Statements {
    void run() throws SQLException;
  }

  /**
   * Creates the table and its partitions. Key and bounds are the user's, so is the search path.
   *
   * @param createTable without a partition key
   */
  void create(String createTable, String sqlName) throws SQLException {
    table = sqlName;
    session.execute("SET LOCAL search_path = " + userSearchPath);
    attempt(
        "--partition-by " + layout.key(),
        "Mend the key.",
        () -> session.execute(createTable + " PARTITION BY " + layout.key() + tablespace()));
    refuseIfAny();
    for (Partition partition : layout.partitions()) {
      attempt(
          "partition " + partition.name() + " " + partition.bound(),
          "Mend it, or leave it out.",
          () -> session.execute(createPartition(partition)));
    }
    refuseIfAny();
    session.execute("SET LOCAL search_path = pg_catalog");
  }

  private String createPartition(Partition partition) {
    String storage =
        partition.storage() == null ? SourcePartitions.storage(plain.table()) : partition.storage();
    return "CREATE TABLE "
        + name(schema, partition.name())
        + " PARTITION OF "
        + (partition.parent() == null ? table : name(schema, partition.parent()))
        + " "
        + partition.bound()
        + (partition.isLeaf() ? "" : " PARTITION BY " + partition.key())
        + storage;
  }

  private String tablespace() {
    String tablespace = plain.table().tablespace();
    return tablespace.isEmpty() ? "" : " TABLESPACE " + name(tablespace);
  }

  /** Changes each new partition; one that goes on has what it had. */
  void forEach(String alteration) throws SQLException {
    for (Partition partition : layout.partitions()) {
      if (!partition.goesOn()) {
        session.execute("ALTER TABLE " + name(schema, partition.name()) + alteration);
      }
    }
  }

  /**
   * Gives each new partition the table's replica identity.
   *
   * @param identity what follows {@code REPLICA IDENTITY}
   */
  void identify(String identity) throws SQLException {
    if (!identity.startsWith("USING INDEX ")) {
      forEach(" REPLICA IDENTITY " + identity);
    } else if (layout.partitions().stream().noneMatch(Partition::goesOn)) {
      String index = identity.substring("USING INDEX ".length());
      session.execute(IndexSql.identifyPartitions(name(schema) + "." + index));
    }
  }

  void tryCheck(ConstraintInfo check, Statements statements) throws SQLException {
    attempt(
        "constraint " + check.name(),
        "Drop it in the clause, and add it again as a partitioned table can have it.",
        statements);
  }

  void tryIndex(IndexInfo index, Statements statements) throws SQLException {
    attempt(
        (index.servesConstraint() ? "constraint " : "index ") + index.name(),
        indexRemedy(index),
        statements);
  }

  private String indexRemedy(IndexInfo index) throws SQLException {
    List<String> key =
        session.query(
            """
            SELECT a.attname FROM pg_partitioned_table p, unnest(p.partattrs::int2[]) AS k
              LEFT JOIN pg_attribute a ON a.attnum = k AND a.attrelid = ?::regclass
             WHERE p.partrelid = ?::regclass""",
            row -> row.getString(1),
            table,
            table);
    boolean ofColumns = !key.contains(null) && !index.keyColumns().contains(0);
    if (!index.servesConstraint() || index.constraintType().equals("x") || !ofColumns) {
      return "Drop it first, or choose a partition key that fits it.";
    }
    Stream<String> columns = index.keyColumns().stream().map(number -> plain.column(number).name());
    return "Add the partition key to it in the same run: --alter 'DROP CONSTRAINT "
        + name(index.constraint())
        + ", ADD "
        + (index.primary() ? "PRIMARY KEY (" : "UNIQUE (")
        + names(Stream.concat(columns, key.stream()).distinct().toList())
        + ")'";
  }

  private void attempt(String object, String remedy, Statements statements) throws SQLException {
    Savepoint before = session.connection().setSavepoint();
    try {
      statements.run();
      session.connection().releaseSavepoint(before);
    } catch (SQLException e) {
      session.rollbackTo(before);
      problems.add(new Problem(object, e.getMessage(), remedy));
    }
  }

  /**
   * Ends it when something does not go.
   *
   * @throws RefusedException with all that was found
   */
  void refuseIfAny() {
    if (!problems.isEmpty()) {
      throw new RefusedException(problems);
    }
  }
}
