package io.zdmosc.postgres.owned;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.shadow.ShadowSpec;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.Sql;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A kind of thing that is made by statements which name the table: run again when the other table
 * has the name, they make it on that one.
 */
abstract class DefinedKind implements OwnedKind {
  private static final String DROPPED_COLUMNS =
      """
      SELECT DISTINCT a.attname FROM pg_depend d
        JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
       WHERE d.classid = ?::regclass AND d.objid = ?::oid
         AND d.refclassid = 'pg_class'::regclass AND d.refobjid = ?::oid
         AND a.attname <> ALL (?::text[])
       ORDER BY 1\
      """;

  /** Why nothing of this kind is carried over where there are partitions. */
  static final String PARTITIONS = "is not carried over together with partitions";

  /** What one is called. */
  abstract String word();

  /** The catalog that lists them. */
  abstract String catalog();

  /** Those of a table. */
  abstract List<Definition> read(OwnedContext context, long table) throws SQLException;

  /** What takes one off a table again, where that is ever done. */
  List<String> undone(Definition definition, TableName table) {
    return List.of();
  }

  /** Why things that can be made cannot be carried over all the same. */
  List<Problem> otherProblems(OwnedContext context) throws SQLException {
    return List.of();
  }

  final List<Definition> ofSource(OwnedContext context) throws SQLException {
    return read(context, context.source().table().oid());
  }

  @Override
  public final List<Problem> problems(OwnedContext context) throws SQLException {
    List<Definition> definitions = ofSource(context);
    if (definitions.isEmpty()) {
      return otherProblems(context);
    }
    List<Problem> problems = new ArrayList<>(otherProblems(context));
    if (context.hasPartitions()) {
      definitions.forEach(each -> problems.add(problem(each, PARTITIONS, context)));
      return problems;
    }
    for (Definition each : definitions) {
      List<String> dropped = droppedColumns(context, each);
      if (!dropped.isEmpty()) {
        problems.add(
            problem(
                each,
                "uses column " + String.join(", ", dropped) + ", which the change drops",
                context));
      }
    }
    return problems.isEmpty() ? tried(context, definitions) : problems;
  }

  /** Makes all of them on an empty table with the old columns, and on one with the new ones. */
  private List<Problem> tried(OwnedContext context, List<Definition> definitions)
      throws SQLException {
    List<Problem> problems = new ArrayList<>();
    List<Definition> served =
        Twin.with(
            context,
            twin -> {
              for (Definition each : definitions) {
                attempt(context.session(), each.statements(), twin::make)
                    .ifPresent(reason -> problems.add(problem(each, reason, context)));
              }
              return problems.isEmpty() ? renamed(context, twin) : List.of();
            });
    Session session = context.session();
    Savepoint before = session.connection().setSavepoint();
    ShadowSpec spec = context.spec();
    TableName template = new TableName(spec.table().schema(), spec.finalName());
    if (!spec.finalName().equals(spec.table().name())) {
      session.execute(
          "ALTER TABLE " + spec.table().sqlName() + " RENAME TO " + Sql.name(spec.finalName()));
    }
    for (int i = 0; i < served.size(); i++) {
      Definition old = definitions.get(i);
      List<String> statements = new ArrayList<>(served.get(i).statements());
      statements.addAll(undone(served.get(i), context.servedName()));
      attempt(
              session,
              statements,
              sql -> session.execute(context.servedName().replacedBy(template, sql)))
          .ifPresent(reason -> problems.add(problem(old, reason, context)));
    }
    session.rollbackTo(before);
    return problems;
  }

  /** Runs a statement. */
  @FunctionalInterface
  private interface Runner {
    void run(String sql) throws SQLException;
  }

  private static Optional<String> attempt(Session session, List<String> statements, Runner runner)
      throws SQLException {
    Savepoint before = session.connection().setSavepoint();
    try {
      for (String statement : statements) {
        runner.run(statement);
      }
      return Optional.empty();
    } catch (SQLException e) {
      session.rollbackTo(before);
      return Optional.of("cannot be made on the new table: " + e.getMessage());
    }
  }

  private Problem problem(Definition definition, String what, OwnedContext context) {
    return new Problem(
        word() + " " + definition.name() + " of " + context.sourceName().sql(),
        what,
        "Change it so that it fits both tables, or drop it and make it again afterwards.");
  }

  final List<String> droppedColumns(OwnedContext context, Definition definition)
      throws SQLException {
    List<String> kept =
        context.source().columns().stream()
            .filter(column -> context.spec().continuing(column.number()).isPresent())
            .map(column -> column.name())
            .toList();
    return context
        .session()
        .query(
            DROPPED_COLUMNS,
            row -> row.getString(1),
            catalog(),
            definition.oid(),
            context.source().table().oid(),
            Sql.array(kept));
  }

  /** The same things as they read on the table that is to serve. */
  final List<Definition> served(OwnedContext context, List<Definition> definitions)
      throws SQLException {
    return definitions.isEmpty()
        ? List.of()
        : Twin.with(
            context,
            twin -> {
              for (Definition each : definitions) {
                for (String statement : each.statements()) {
                  twin.make(statement);
                }
              }
              return renamed(context, twin);
            });
  }

  private List<Definition> renamed(OwnedContext context, Twin twin) throws SQLException {
    long oid = twin.oid();
    twin.rename();
    return read(context, oid).stream().map(each -> written(each, twin::served)).toList();
  }

  private static Definition written(Definition definition, UnaryOperator<String> as) {
    return new Definition(
        definition.name(), definition.oid(), definition.statements().stream().map(as).toList());
  }

  static List<String> statements(List<Definition> definitions) {
    return definitions.stream().flatMap(each -> each.statements().stream()).toList();
  }

  /** Their names in a sentence: {@code triggers a, b}. */
  final Optional<String> listed(OwnedContext context) throws SQLException {
    List<String> names = ofSource(context).stream().map(Definition::name).toList();
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(word() + " " + String.join(", ", names));
  }
}
