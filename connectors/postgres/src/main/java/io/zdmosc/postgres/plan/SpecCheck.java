package io.zdmosc.postgres.plan;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.catalog.IndexInfo;
import io.zdmosc.postgres.catalog.SequenceInfo;
import io.zdmosc.postgres.shadow.ForeignKey;
import io.zdmosc.postgres.shadow.ShadowSpec;
import io.zdmosc.postgres.shadow.SourceTable;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;

/** What would fail only at the swap is tried beforehand: names that are taken, foreign keys. */
final class SpecCheck {
  private final Session session;
  private final SourceTable source;
  private final ShadowSpec spec;

  SpecCheck(Session session, SourceTable source, ShadowSpec spec) {
    this.session = session;
    this.source = source;
    this.spec = spec;
  }

  List<Problem> run() throws SQLException {
    List<Problem> problems = new ArrayList<>();
    if (!spec.finalSchema().equals(source.table().schema())) {
      tryMove(problems);
    }
    if (spec.newOwner().isPresent()) {
      tryOwner(spec.newOwner().get(), problems);
    }
    if (!source.table().sqlName().equals(spec.servedSql())) {
      taken(spec.finalName(), "table", problems);
    }
    for (IndexInfo index : spec.indexes()) {
      taken(index.name(), "index", problems);
    }
    for (SequenceInfo sequence : spec.sequences()) {
      taken(sequence.name(), "sequence", problems);
    }
    if (!spec.finalSchema().equals(source.table().schema())) {
      for (SequenceInfo sequence : source.sequences()) {
        if (!sequence.identity() && spec.continuing(sequence.column()).isPresent()) {
          taken(sequence.name(), "sequence", problems);
        }
      }
    }
    for (ForeignKey key : spec.foreignKeys()) {
      tryForeignKey(key, problems);
      boolean itself = key.referencedTable() == source.table().oid();
      if (!itself && key.fresh() && key.validate()) {
        tryReading(key, problems);
      }
    }
    return problems;
  }

  /** A name is free if nobody has it, or something that the swap renames away. */
  private void taken(String wanted, String kind, List<Problem> problems) throws SQLException {
    boolean byOthers =
        session.test(
            """
            SELECT EXISTS (
              SELECT FROM pg_class c
               WHERE c.relname = ?::text AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = ?::text)
                 AND c.oid <> ?::oid
                 AND NOT EXISTS (SELECT FROM pg_index i
                                  WHERE i.indexrelid = c.oid AND i.indrelid = ?::oid)
                 AND NOT EXISTS (SELECT FROM pg_depend d
                                  WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                                    AND d.refobjid = ?::oid AND d.deptype = 'i'))\
            """,
            wanted,
            spec.finalSchema(),
            source.table().oid(),
            source.table().oid(),
            source.table().oid());
    if (byOthers) {
      problems.add(
          new Problem(
              kind + " " + name(spec.finalSchema(), wanted),
              "exists already, and the change would make one of that name",
              "Choose another name in the clause."));
    }
  }

  /** Tries a foreign key on the empty table, if the other table's lock is to be had at once. */
  private void tryForeignKey(ForeignKey key, List<Problem> problems) throws SQLException {
    Savepoint before = session.connection().setSavepoint();
    try {
      session.execute("SET LOCAL lock_timeout = '100ms'");
      session.execute(
          "ALTER TABLE "
              + spec.table().sqlName()
              + " ADD CONSTRAINT "
              + name(key.name())
              + " "
              + key.trial());
    } catch (SQLException e) {
      if (!Failures.isLockTimeout(e)) {
        problems.add(
            new Problem(
                "constraint " + key.name(), e.getMessage(), "Mend it, or drop it in the clause."));
      }
    } finally {
      session.connection().rollback(before);
    }
  }

  /** Rows that violate a new foreign key are looked for before the swap. */
  private void tryReading(ForeignKey key, List<Problem> problems) throws SQLException {
    Savepoint before = session.connection().setSavepoint();
    String table =
        session
            .text(
                "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c"
                    + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ?::oid",
                key.referencedTable())
            .orElseThrow();
    try {
      session.execute("SET LOCAL lock_timeout = '100ms'");
      session.execute("SELECT FROM " + table + " LIMIT 1");
    } catch (SQLException e) {
      if (!Failures.isLockTimeout(e)) {
        problems.add(
            new Problem(
                "constraint " + key.name(),
                "cannot be checked before the cut-over: " + e.getMessage(),
                "GRANT SELECT ON " + table + ", or add the key as NOT VALID."));
      }
    } finally {
      session.connection().rollback(before);
    }
  }

  private void tryMove(List<Problem> problems) throws SQLException {
    tryStatements(
        "schema " + spec.finalSchema(),
        "Choose another one, or: GRANT CREATE ON SCHEMA ... TO the role.",
        problems,
        () -> {
          if (!session.test("SELECT has_schema_privilege(?::text, 'CREATE')", spec.finalSchema())) {
            throw new SQLException("may not create tables there");
          }
        });
  }

  /** The new owner must be able to create tables where the table is going to be. */
  private void tryOwner(String role, List<Problem> problems) throws SQLException {
    String table = spec.table().sqlName();
    tryStatements(
        "role " + role,
        "Choose another one, or grant what is missing.",
        problems,
        () -> {
          session.execute("GRANT CREATE ON SCHEMA " + name(spec.table().schema()) + " TO " + role);
          session.execute("ALTER TABLE " + table + " OWNER TO " + role);
          if (!session.test(
              """
              SELECT has_schema_privilege(relowner, ?::text, 'CREATE')
                     OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
                FROM pg_class WHERE oid = ?::oid\
              """,
              spec.finalSchema(),
              spec.table().oid())) {
            throw new SQLException("may not create tables in schema " + spec.finalSchema());
          }
        });
  }

  @FunctionalInterface
  private interface Statements {
    void run() throws SQLException;
  }

  private void tryStatements(
      String object, String remedy, List<Problem> problems, Statements statements)
      throws SQLException {
    Savepoint before = session.connection().setSavepoint();
    try {
      statements.run();
    } catch (SQLException e) {
      problems.add(new Problem(object, e.getMessage(), remedy));
    } finally {
      session.connection().rollback(before);
    }
  }
}
