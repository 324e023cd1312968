package io.zdmosc.postgres.plan;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.partition.Partition;
import io.zdmosc.postgres.plan.checks.CheckContext;
import io.zdmosc.postgres.shadow.ForeignKey;
import io.zdmosc.postgres.shadow.IdentityChooser;
import io.zdmosc.postgres.shadow.RowIdentity;
import io.zdmosc.postgres.shadow.ShadowSpec;
import io.zdmosc.postgres.shadow.SourceTable;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What stands against cutting the new table into partitions, besides what the server says. */
final class PartitionCheck {
  private static final int WHOLE_NOT_VALID = 180000;

  /** A key to the table itself has so many parts squared, at about two milliseconds each. */
  private static final int MOST_OF_ITSELF = 8;

  private final Session session;
  private final SourceTable source;
  private final ShadowSpec spec;
  private final RowIdentity identity;

  PartitionCheck(Session session, SourceTable source, ShadowSpec spec, RowIdentity identity) {
    this.session = session;
    this.source = source;
    this.spec = spec;
    this.identity = identity;
  }

  List<Problem> run() throws SQLException {
    List<Problem> problems = new ArrayList<>();
    if (!spec.table().isPartitioned()) {
      return problems;
    }
    for (Partition partition : spec.partitions()) {
      if (!partition.goesOn()) {
        checkName(partition.name(), problems);
      }
    }
    foreignKeys(problems);
    boolean unique =
        IdentityChooser.shadowIndex(spec, identity)
            .filter(index -> index.keyColumns().size() == identity.columns().size())
            .isPresent();
    if (!identity.staysUnique() && !unique) {
      problems.add(
          new Problem(
              "key (" + String.join(", ", identity.sourceColumns()) + ")",
              "is converted so that two keys may become one, and the partitioned table has no"
                  + " unique index on it that would tell",
              "Convert the key in a run of its own, or partition by the key itself."));
    }
    return problems;
  }

  private void checkName(String partition, List<Problem> problems) throws SQLException {
    for (String schema : List.of(source.table().schema(), spec.finalSchema())) {
      boolean taken =
          session.test(
              """
              SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                              WHERE n.nspname = ?::text AND c.relname = ?::text)
                  OR EXISTS (SELECT FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
                              WHERE n.nspname = ?::text AND t.typname = ?::text)""",
              schema,
              partition,
              schema,
              partition);
      if (taken || partition.equals(spec.finalName())) {
        problems.add(
            new Problem(
                "partition " + name(schema, partition),
                "cannot have this name: there is something else of that name",
                "Give the partition another one in --partitions-file, or drop the other."));
        return;
      }
    }
  }

  /** What the server says about them otherwise, it says when they are tried. */
  private void foreignKeys(List<Problem> problems) throws SQLException {
    boolean whole =
        session.test("SELECT current_setting('server_version_num')::int >= " + WHOLE_NOT_VALID);
    long leaves = spec.partitions().stream().filter(Partition::isLeaf).count();
    for (ForeignKey key : spec.foreignKeys()) {
      boolean itself = key.referencedTable() == source.table().oid();
      if (itself && !whole && leaves > MOST_OF_ITSELF) {
        problems.add(
            new Problem(
                "constraint " + key.name(),
                "refers to the table itself: before PostgreSQL 18 it would have to be made under"
                    + " the lock for each pair of "
                    + leaves
                    + " partitions",
                "Drop it in the clause, and add it again afterwards."));
      }
      if (!key.validate() && !whole) {
        problems.add(
            new Problem(
                "constraint " + key.name(),
                "is NOT VALID, and before PostgreSQL 18 a partitioned table can have no such key",
                "Validate it first, or drop it in the clause."));
      }
    }
  }

  /** What a partitioned table's partitions have that cannot be carried over. */
  static List<Problem> ofSource(CheckContext context, ChangeRequest request) throws SQLException {
    List<Problem> problems = new ArrayList<>();
    if (!context.table().isPartitioned()) {
      return problems;
    }
    String table = context.table().sqlName();
    if (!request.stream().isEmpty() && !request.stream().equalsIgnoreCase("pgoutput")) {
      problems.add(
          new Problem(
              "--stream " + request.stream(), "cannot read a partitioned table", "Leave it out."));
    }
    if (request.partitioning().isPresent()) {
      problems.add(
          new Problem("--partition-by", table + " is partitioned already", "Leave it out."));
    }
    problems.addAll(OwnedByPartitions.problems(context.session(), context.table()));
    return problems;
  }
}
