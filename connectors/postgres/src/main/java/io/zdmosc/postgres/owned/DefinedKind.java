package io.zdmosc.postgres.owned;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.Sql;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A kind of thing that is made by statements which name the table: run again when the other table
 * has the name, they make it on that one.
 */
abstract class DefinedKind implements OwnedKind {
  /** By themselves or by their row types. */
  private static final String MENTIONED =
      """
      SELECT DISTINCT coalesce(nullif(y.typrelid, 0), e.typrelid, d.refobjid)::bigint
        FROM pg_depend d
        LEFT JOIN pg_type y ON d.refclassid = 'pg_type'::regclass AND y.oid = d.refobjid
        LEFT JOIN pg_type e ON e.oid = y.typelem AND e.typrelid <> 0
       WHERE d.classid = ?::regclass AND d.objid = ANY (?::oid[])
         AND (d.refclassid = 'pg_class'::regclass OR y.typrelid <> 0 OR e.typrelid IS NOT NULL)\
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
      List<String> dropped = droppedColumns(context, each);
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
    List<OwningTable> mentioned = mentioned(context, table, definitions);
    ColumnPlaces places = new ColumnPlaces(context, mentioned);
    for (Definition each : definitions) {
      places
          .problem(String.join("; ", each.statements()))
          .ifPresent(reason -> problems.add(problem(each, reason, table)));
    }
    List<Definition> served =
        Twins.with(
            context,
            mentioned,
            twins -> {
              for (Definition each : definitions) {
                attempt(context.session(), each.statements(), twins::make)
                    .ifPresent(reason -> problems.add(problem(each, reason, table)));
              }
              return problems.isEmpty() ? renamed(context, table, twins) : List.of();
            });
    Session session = context.session();
    Savepoint before = session.connection().setSavepoint();
    Map<TableName, TableName> templates = new LinkedHashMap<>();
    for (OwningTable each : mentioned) {
      templates.put(each.served(), each.servedTemplate(session));
    }
    for (int i = 0; i < served.size(); i++) {
      Definition old = definitions.get(i);
      List<String> statements = new ArrayList<>(served.get(i).statements());
      statements.addAll(undone(served.get(i), table.served()));
      attempt(session, statements, sql -> session.execute(TableName.replaced(templates, sql)))
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

  /** Of the table and of those that change with it. */
  final List<String> droppedColumns(OwnedContext context, Definition definition)
      throws SQLException {
    return DroppedColumn.usedBy(context, catalog(), definition.oid()).stream()
        .map(DroppedColumn::name)
        .distinct()
        .toList();
  }

  /** The table, and those that change with it and that its things mention. */
  private List<OwningTable> mentioned(
      OwnedContext context, OwningTable table, List<Definition> definitions) throws SQLException {
    List<OwningTable> all = context.tables();
    if (all.size() == 1) {
      return all;
    }
    Set<Long> mentioned =
        Set.copyOf(
            context
                .session()
                .query(
                    MENTIONED,
                    row -> row.getLong(1),
                    catalog(),
                    Sql.array(
                        definitions.stream().map(each -> String.valueOf(each.oid())).toList())));
    return all.stream()
        .filter(each -> each.oid() == table.oid() || mentioned.contains(each.oid()))
        .toList();
  }

  /** The same things as they read on the table that is to serve. */
  final List<Definition> served(
      OwnedContext context, OwningTable table, List<Definition> definitions) throws SQLException {
    return definitions.isEmpty()
        ? List.of()
        : Twins.with(
            context,
            mentioned(context, table, definitions),
            twins -> {
              for (Definition each : definitions) {
                for (String statement : each.statements()) {
                  twins.make(statement);
                }
              }
              return renamed(context, table, twins);
            });
  }

  private List<Definition> renamed(OwnedContext context, OwningTable table, Twins twins)
      throws SQLException {
    long oid = twins.oid(table);
    twins.rename();
    return read(context, table, oid).stream().map(each -> written(each, twins::served)).toList();
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
