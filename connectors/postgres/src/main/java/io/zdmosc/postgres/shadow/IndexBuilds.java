package io.zdmosc.postgres.shadow;

import static io.zdmosc.postgres.sql.Sql.literal;
import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.spi.BuildStep;
import io.zdmosc.engine.spi.UniqueConflictException;
import io.zdmosc.postgres.catalog.IndexInfo;
import io.zdmosc.postgres.control.MigrationNames;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

  /** In the order to run them: first those that can run at the same time. */
  public List<BuildStep> steps() {
    List<BuildStep> parallel = new ArrayList<>();
    List<BuildStep> alone = new ArrayList<>();
    for (IndexInfo index : working.spec().indexes()) {
      String present = presentName(working, index);
      if (present.equals(working.shadowIndex())) {
        continue;
      }
      if (index.needsConstraintSyntax()) {
        alone.add(step(index, false, constraint(index, present)));
      } else {
        parallel.add(step(index, true, create(index, present)));
        if (index.servesConstraint() && !index.deferrable()) {
          alone.add(step(index, false, attach(index, present)));
        }
      }
    }
    for (IndexInfo index : working.spec().indexes()) {
      if (index.clustered()) {
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
    parallel.addAll(alone);
    return parallel;
  }

  private List<String> create(IndexInfo index, String present) {
    List<String> statements = new ArrayList<>();
    statements.add("DROP INDEX IF EXISTS " + name(working.schema(), present));
    statements.add(IndexSql.create(index, working.shadowSql(), present));
    statements.addAll(IndexSql.settings(index, working.schema(), present));
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
            + working.shadowSql()
            + " ADD CONSTRAINT "
            + name(present)
            + " "
            + index.constraintDefinition());
    statements.addAll(constraintComment(index, working.shadowSql(), present));
    statements.addAll(IndexSql.settings(index, working.schema(), present));
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

  private BuildStep step(IndexInfo index, boolean parallel, List<String> statements) {
    return new BuildStep() {
      @Override
      public String describe() {
        return (index.servesConstraint() ? "constraint " : "index ") + index.name();
      }

      @Override
      public boolean parallel() {
        return parallel;
      }

      @Override
      public void run() {
        runAll(describe(), statements);
      }
    };
  }

  private void runAll(String what, List<String> statements) {
    try (Session session = sessions.open("index")) {
      session.execute(
          "SET maintenance_work_mem = '" + Math.min(memoryBytes >> 10, Integer.MAX_VALUE) + "kB'");
      for (String statement : statements) {
        session.execute(statement);
      }
    } catch (SQLException e) {
      if (Failures.isUniqueConflict(e)) {
        throw new UniqueConflictException(e.getMessage(), e);
      }
      throw Failures.failed("building " + what, e);
    }
  }
}
