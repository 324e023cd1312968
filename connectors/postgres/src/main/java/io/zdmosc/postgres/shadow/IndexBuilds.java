package io.zdmosc.postgres.shadow;

import static io.zdmosc.postgres.sql.Sql.literal;
import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.spi.BuildStep;
import io.zdmosc.engine.spi.UniqueConflictException;
import io.zdmosc.postgres.catalog.IndexInfo;
import io.zdmosc.postgres.control.MigrationNames;
import io.zdmosc.postgres.partition.Partition;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The shadow's indexes and the constraints that they serve, built after the copy. Plain indexes are
 * built at the same time; what takes the table's lock comes after them.
 */
public final class IndexBuilds {
  private final SessionFactory sessions;
  private final Working working;
  private final long memoryBytes;

  public IndexBuilds(SessionFactory sessions, Working working, long memoryBytes) {
    this.sessions = sessions;
    this.working = working;
    this.memoryBytes = memoryBytes;
  }

  /** The index's name on the shadow until the swap. */
  public static String presentName(Working working, IndexInfo index) {
    Optional<IndexInfo> kept = IdentityChooser.shadowIndex(working.spec(), working.identity());
    if (kept.isPresent() && kept.get().oid() == index.oid()) {
      return working.shadowIndex();
    }
    return MigrationNames.part(working.migrationId(), "i", working.spec().indexes().indexOf(index));
  }

  /** The same for one that a partition has by itself. */
  public static String presentName(Working working, PartitionIndex index) {
    return MigrationNames.part(
        working.migrationId(), "j", working.spec().partitionIndexes().indexOf(index));
  }

  /** The index by which the shadow's rows are found, unless it is there from the start. */
  public Optional<BuildStep> keyIndex() {
    String present = working.shadowIndex();
    if (!working.keyIndexLater() || built().indexes().contains(present)) {
      return Optional.empty();
    }
    Optional<IndexInfo> kept = IdentityChooser.shadowIndex(working.spec(), working.identity());
    if (kept.isPresent()) {
      List<String> statements =
          kept.get().needsConstraintSyntax()
              ? constraint(kept.get(), present)
              : create(kept.get(), present);
      return Optional.of(step(words(kept.get()), true, statements));
    }
    return Optional.of(
        step(
            "the index by which rows are found",
            true,
            List.of(
                dropped(present),
                IndexSql.forRows(
                    working.spec(), working.identity(), working.shadowSql(), present))));
  }

  /** What an earlier try has built; a step is one transaction, so nothing is half built. */
  private record Built(Set<String> indexes, Set<String> constraints) {}

  private Built built() {
    try (Session session = sessions.open("index")) {
      return new Built(
          Set.copyOf(
              session.query(
                  "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
                      + " WHERE (i.indrelid = ?::oid OR i.indrelid IN (SELECT relid FROM"
                      + " pg_partition_tree(?::oid::regclass))) AND (i.indisvalid OR c.relkind = 'I')",
                  row -> row.getString(1),
                  working.shadowOid(),
                  working.shadowOid())),
          Set.copyOf(
              session.query(
                  "SELECT conname FROM pg_constraint WHERE conrelid = ?::oid",
                  row -> row.getString(1),
                  working.shadowOid())));
    } catch (SQLException e) {
      throw Failures.failed("reading which indexes are built", e);
    }
  }

  /**
   * All others that are not there yet, in the order to run them: first those that can run at the
   * same time, the largest first.
   */
  public List<BuildStep> steps() {
    Built built = built();
    List<BuildStep> parallel = new ArrayList<>();
    List<BuildStep> alone = new ArrayList<>();
    for (IndexInfo index : largestFirst()) {
      String present = presentName(working, index);
      boolean findsRows = present.equals(working.shadowIndex());
      if (findsRows && !working.keyIndexLater()) {
        continue;
      }
      if (index.needsConstraintSyntax()) {
        if (!built.constraints().contains(present)) {
          alone.add(step(index, false, constraint(index, present)));
        }
      } else {
        if (!findsRows && !built.indexes().contains(present)) {
          parallel.add(step(index, true, create(index, present)));
        }
        if (index.servesConstraint()
            && !index.deferrable()
            && !built.constraints().contains(present)) {
          alone.add(step(index, false, attach(index, present)));
        }
      }
    }
    for (IndexInfo index : working.spec().indexes()) {
      if (index.clustered() && !index.partitioned()) {
        alone.add(
            step(
                index,
                false,
                List.of(
                    "ALTER TABLE "
                        + working.shadowSql()
                        + " CLUSTER ON "
                        + name(presentName(working, index)))));
      }
    }
    boolean fresh = working.spec().partitions().stream().noneMatch(Partition::goesOn);
    for (IndexInfo index : working.spec().indexes()) {
      if (fresh
          && index.partitioned()
          && index.name().equals(working.spec().replicaIdentityIndex())) {
        String present = name(working.shadowSchema(), presentName(working, index));
        alone.add(step(index, false, List.of(IndexSql.identifyPartitions(present))));
      }
    }
    // behind those of the whole table, which would take an index of the same definition for theirs
    for (PartitionIndex own : working.spec().partitionIndexes()) {
      if (!built.indexes().contains(presentName(working, own))) {
        alone.add(step(own));
      }
    }
    if (!working.spec().indexParts().isEmpty()) {
      alone.add(new IndexPartSettings(sessions, working, memoryBytes));
    }
    parallel.addAll(alone);
    return parallel;
  }

  private BuildStep step(PartitionIndex own) {
    Partition partition = working.spec().partition(own.partition());
    String table = name(working.shadowSchema(), working.presentPartition(partition));
    String present = presentName(working, own);
    List<String> statements =
        new ArrayList<>(IndexSql.ahead(own.index(), table, working.shadowSchema(), present));
    if (!own.index().isAttachedLate()) {
      statements.addAll(join(working, own, working.shadowSchema()));
    }
    return step("index " + own.name() + " of partition " + own.partition(), false, statements);
  }

  /**
   * Makes it a part of what it is to be a part of, if that is anything.
   *
   * @param schema in which both stand
   */
  private static List<String> join(Working working, PartitionIndex own, String schema) {
    return own.whole() == null
        ? List.of()
        : List.of(
            IndexSql.join(
                name(schema, presentName(working, own.whole())),
                name(schema, presentName(working, own))));
  }

  /** What an index, of the table or of a partition, is called until the swap. */
  static String presentName(Working working, String index) {
    return working.spec().indexes().stream()
        .filter(each -> each.name().equals(index))
        .findFirst()
        .map(each -> presentName(working, each))
        .orElseGet(
            () ->
                working.spec().partitionIndexes().stream()
                    .filter(each -> each.name().equals(index))
                    .findFirst()
                    .map(each -> presentName(working, each))
                    .orElseThrow());
  }

  /** By the size of the source's index of the same name; new ones, of unknown size, before all. */
  private List<IndexInfo> largestFirst() {
    Map<String, Long> sizes = new HashMap<>();
    try (Session session = sessions.open("index")) {
      session
          .query(
              "SELECT c.relname, pg_relation_size(c.oid) FROM pg_index i"
                  + " JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = ?::oid",
              row -> Map.entry(row.getString(1), row.getLong(2)),
              working.source().table().oid())
          .forEach(size -> sizes.put(size.getKey(), size.getValue()));
    } catch (SQLException e) {
      throw Failures.failed("reading the sizes of indexes", e);
    }
    return working.spec().indexes().stream()
        .sorted(Comparator.comparing(i -> -sizes.getOrDefault(i.name(), Long.MAX_VALUE)))
        .toList();
  }

  private String dropped(String index) {
    return "DROP INDEX IF EXISTS " + name(working.shadowSchema(), index);
  }

  private List<String> create(IndexInfo index, String present) {
    List<String> statements = new ArrayList<>();
    statements.add(dropped(present));
    statements.add(IndexSql.create(index, working.shadowSql(), present));
    statements.addAll(IndexSql.settings(index, working.shadowSchema(), present));
    return statements;
  }

  private List<String> attach(IndexInfo index, String present) {
    List<String> statements = new ArrayList<>();
    statements.add(IndexSql.attach(index, working.shadowSql(), present));
    statements.addAll(constraintComment(index, working.shadowSql(), present));
    return statements;
  }

  private List<String> constraint(IndexInfo index, String present) {
    List<String> statements = new ArrayList<>();
    statements.add(
        "ALTER TABLE " + working.shadowSql() + " DROP CONSTRAINT IF EXISTS " + name(present));
    statements.add(
        "ALTER TABLE "
            + IndexSql.onlyIf(index)
            + working.shadowSql()
            + " ADD CONSTRAINT "
            + name(present)
            + " "
            + (index.partitioned() ? IndexSql.constraint(index) : index.constraintDefinition()));
    statements.addAll(constraintComment(index, working.shadowSql(), present));
    statements.addAll(IndexSql.settings(index, working.shadowSchema(), present));
    return statements;
  }

  /** The comment on a constraint that an index serves. */
  public static List<String> constraintComment(IndexInfo index, String table, String constraint) {
    if (index.constraintComment() == null) {
      return List.of();
    }
    return List.of(
        "COMMENT ON CONSTRAINT "
            + name(constraint)
            + " ON "
            + table
            + " IS "
            + literal(index.constraintComment()));
  }

  private static String words(IndexInfo index) {
    return (index.servesConstraint() ? "constraint " : "index ") + index.name();
  }

  private BuildStep step(IndexInfo index, boolean parallel, List<String> statements) {
    return step(words(index), parallel, statements);
  }

  private BuildStep step(String words, boolean parallel, List<String> statements) {
    return BuildStep.of(words, parallel, processes -> runAll(words, processes, statements));
  }

  private void runAll(String what, int processes, List<String> statements) {
    try (Session session = sessions.open("index")) {
      BuildSettings.apply(session, memoryBytes, processes);
      // whole or not at all: what is found by its name needs nothing more
      session.transaction(
          () -> {
            for (String statement : statements) {
              session.execute(statement);
            }
            return null;
          });
    } catch (SQLException e) {
      if (Failures.isUniqueConflict(e)) {
        throw new UniqueConflictException(e.getMessage(), e);
      }
      throw Failures.failed("building " + what, e);
    }
  }
}
