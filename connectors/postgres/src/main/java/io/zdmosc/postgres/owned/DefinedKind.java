package io.zdmosc.postgres.owned;

import io.zdmosc.engine.error.Problem;
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

  /** What one is called. */
  abstract String word();

  /** The catalog that lists them. */
  abstract String catalog();

  /**
   * Those of a table.
   *
   * @param oid its own, or that of a table that stands for it
   */
  abstract List<Definition> read(OwnedContext context, OwningTable table, long oid)
      throws SQLException;

  /** What takes one off a table again, where that is ever done. */
  List<String> undone(Definition definition, TableName table) {
    return List.of();
  }

  /** Why things that can be made cannot be carried over all the same. */
  List<Problem> otherProblems(OwnedContext context) throws SQLException {
    return List.of();
  }

  final List<Definition> of(OwnedContext context, OwningTable table) throws SQLException {
    return read(context, table, table.oid());
  }

  @Override
  public final List<Problem> problems(OwnedContext context) throws SQLException {
    List<Problem> problems = new ArrayList<>(otherProblems(context));
    for (OwningTable table : context.tables()) {
      problems.addAll(problems(context, table));
    }
    return problems;
  }

  private List<Problem> problems(OwnedContext context, OwningTable table) throws SQLException {
    List<Definition> definitions = of(context, table);
    List<Problem> problems = new ArrayList<>();
    for (Definition each : definitions) {
      List<String> dropped = droppedColumns(context, table, each);
      if (!dropped.isEmpty()) {
        problems.add(
            problem(
                each,
                "uses column " + String.join(", ", dropped) + ", which the change drops",
                table));
      }
    }
    return problems.isEmpty() && !definitions.isEmpty()
        ? tried(context, table, definitions)
        : problems;
  }

  /** Makes all of them on an empty table with the old columns, and on one with the new ones. */
  private List<Problem> tried(OwnedContext context, OwningTable table, List<Definition> definitions)
      throws SQLException {
    List<Problem> problems = new ArrayList<>();
    List<Definition> served =
        Twin.with(
            context,
            table,
            twin -> {
              for (Definition each : definitions) {
                attempt(context.session(), each.statements(), twin::make)
                    .ifPresent(reason -> problems.add(problem(each, reason, table)));
              }
              return problems.isEmpty() ? renamed(context, table, twin) : List.of();
            });
    Session session = context.session();
    Savepoint before = session.connection().setSavepoint();
    TableName template = table.servedTemplate(session);
    for (int i = 0; i < served.size(); i++) {
      Definition old = definitions.get(i);
      List<String> statements = new ArrayList<>(served.get(i).statements());
      statements.addAll(undone(served.get(i), table.served()));
      attempt(session, statements, sql -> session.execute(table.served().replacedBy(template, sql)))
          .ifPresent(reason -> problems.add(problem(old, reason, table)));
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

  private Problem problem(Definition definition, String what, OwningTable table) {
    return new Problem(
        word() + " " + definition.name() + " of " + table.source().sql(),
        what,
        "Change it so that it fits both tables, or drop it and make it again afterwards.");
  }

  final List<String> droppedColumns(OwnedContext context, OwningTable table, Definition definition)
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
            table.oid(),
            Sql.array(kept));
  }

  /** The same things as they read on the table that is to serve. */
  final List<Definition> served(
      OwnedContext context, OwningTable table, List<Definition> definitions) throws SQLException {
    return definitions.isEmpty()
        ? List.of()
        : Twin.with(
            context,
            table,
            twin -> {
              for (Definition each : definitions) {
                for (String statement : each.statements()) {
                  twin.make(statement);
                }
              }
              return renamed(context, table, twin);
            });
  }

  private List<Definition> renamed(OwnedContext context, OwningTable table, Twin twin)
      throws SQLException {
    long oid = twin.oid();
    twin.rename();
    return read(context, table, oid).stream().map(each -> written(each, twin::served)).toList();
  }

  private static Definition written(Definition definition, UnaryOperator<String> as) {
    return new Definition(
        definition.name(), definition.oid(), definition.statements().stream().map(as).toList());
  }

  static List<String> statements(List<Definition> definitions) {
    return definitions.stream().flatMap(each -> each.statements().stream()).toList();
  }

  /** Their names in sentences: {@code triggers a, b}; a partition's with the partition's name. */
  final List<String> listed(OwnedContext context) throws SQLException {
    List<String> lists = new ArrayList<>();
    for (OwningTable table : context.tables()) {
      List<String> names = of(context, table).stream().map(Definition::name).toList();
      if (!names.isEmpty()) {
        String whose = table.number() == 0 ? "" : " of partition " + table.source().name();
        lists.add(word() + " " + String.join(", ", names) + whose);
      }
    }
    return lists;
  }
}
