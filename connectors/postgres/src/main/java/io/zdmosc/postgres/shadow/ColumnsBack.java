package io.zdmosc.postgres.shadow;

import static io.zdmosc.postgres.sql.Sql.literal;
import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.postgres.catalog.ColumnInfo;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How the columns of the old table get their values from the new one.
 *
 * <p>A column that the change only renames or converts by the server's own conversion goes back by
 * the opposite conversion, but never with a loss: the value must come out the same when it is
 * converted forth again, or the row is refused. What was converted by an expression needs an
 * expression back. A column that the change drops keeps what its row had.
 */
final class ColumnsBack {
  /** Narrowing these fails where a value does not fit. */
  private static final Set<String> INTEGERS = Set.of("int2", "int4", "int8");

  private final Session session;
  private final SourceTable source;
  private final ShadowSpec spec;
  private final Map<String, String> expressions;
  private final String schema;
  private final String userSearchPath;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> missing = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /**
   * @param session within the transaction that built the changed template
   * @param expressions by the old table's columns
   * @param schema of the template
   */
  ColumnsBack(
      Session session,
      SourceTable source,
      ShadowSpec spec,
      Map<String, String> expressions,
      String schema,
      String userSearchPath) {
    this.session = session;
    this.source = source;
    this.spec = spec;
    this.expressions = new LinkedHashMap<>(expressions);
    this.schema = schema;
    this.userSearchPath = userSearchPath;
  }

  /**
   * Works it out, once.
   *
   * @throws RefusedException when a given expression is of no use
   */
  List<MappedColumn> map() throws SQLException {
    String target = name(schema, "zdm_old");
    session.execute(
        "CREATE TABLE " + target + " (LIKE " + source.table().sqlName() + " INCLUDING GENERATED)");
    List<MappedColumn> columns = new ArrayList<>();
    for (ColumnInfo column : source.columns()) {
      columns.add(map(column, target));
    }
    session.execute("DROP TABLE " + target);
    for (String unknown : expressions.keySet()) {
      problems.add(
          new Problem(
              "--reverse " + unknown,
              "the old table has no such column",
              "Name one of its columns."));
    }
    if (!problems.isEmpty()) {
      throw new RefusedException(problems);
    }
    return columns;
  }

  /** Why some of them cannot get back; to be asked when it is worked out. */
  List<Problem> missing() {
    return List.copyOf(missing);
  }

  /** What there is to know of the others. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  private MappedColumn map(ColumnInfo column, String target) throws SQLException {
    String given = expressions.remove(column.name());
    ColumnInfo from = spec.continuing(column.number()).map(MappedColumn::column).orElse(null);
    if (given != null) {
      return given(column, from, "(" + given + ")", target);
    }
    if (column.isGenerated()) {
      return new MappedColumn(column, from, null, false, false);
    }
    return from == null ? dropped(column) : continued(column, from, target);
  }

  private MappedColumn given(ColumnInfo column, ColumnInfo from, String expression, String target)
      throws SQLException {
    Optional<String> refusal =
        column.isGenerated()
            ? Optional.of("the server computes this column")
            : refusal(column, expression, target);
    refusal.ifPresent(
        reason ->
            problems.add(
                new Problem("--reverse " + column.name(), reason, "Mend the expression.")));
    boolean repeatable = refusal.isPresent() || probe().isRepeatable(expression);
    return new MappedColumn(column, from, expression, false, repeatable);
  }

  private ExpressionProbe probe() {
    return new ExpressionProbe(
        session, schema, userSearchPath, spec.table().sqlName(), spec.finalName());
  }

  private MappedColumn dropped(ColumnInfo column) {
    boolean needed = column.notNull() && column.defaultExpression() == null && !column.isIdentity();
    if (needed) {
      missing.add(
          new Problem(
              "column " + column.name(),
              "is dropped by the change, so new rows have no value for it, and it must have one",
              "--reverse '" + column.name() + " = expression over the new table'"));
    } else {
      notes.add(
          "column "
              + column.name()
              + " keeps what its rows had; rows that are new get "
              + (column.defaultExpression() == null ? "NULL" : "its default"));
    }
    return new MappedColumn(column, null, null, false, false);
  }

  private MappedColumn continued(ColumnInfo column, ColumnInfo from, String target)
      throws SQLException {
    MappedColumn forth = spec.continuing(column.number()).orElseThrow();
    if (!forth.plain()) {
      missing.add(
          new Problem(
              "column " + column.name(),
              "is converted by an expression, and nobody knows the one that leads back",
              "--reverse '" + column.name() + " = expression over the new table'"));
      return new MappedColumn(column, from, null, false, false);
    }
    String value = name(spec.finalName()) + "." + name(from.name());
    if (column.type().equals(from.type())) {
      return new MappedColumn(column, from, value, true, true);
    }
    if (isInteger(column) && isInteger(from)) {
      narrowed(column, from);
      return new MappedColumn(column, from, value, true, true, value);
    }
    for (String sameness : List.of("", "::text")) {
      String expression = exactly(column, from, value, sameness);
      if (refusal(column, expression, target).isEmpty()) {
        narrowed(column, from);
        return new MappedColumn(column, from, expression, false, true, value);
      }
    }
    missing.add(
        new Problem(
            "column " + column.name(),
            "has no conversion back from " + from.type() + " to " + column.type(),
            "--reverse '" + column.name() + " = expression over the new table'"));
    return new MappedColumn(column, from, null, false, false);
  }

  private void narrowed(ColumnInfo column, ColumnInfo from) {
    notes.add(
        "column "
            + column.name()
            + " goes back from "
            + from.type()
            + " to "
            + column.type()
            + "; a row whose value does not fit waits, and bars the rollback until it is mended");
  }

  private static boolean isInteger(ColumnInfo column) {
    return column.typeSchema().equals("pg_catalog")
        && INTEGERS.contains(column.typeName())
        && column.type().equals(column.baseType());
  }

  /**
   * The value converted back, if converting it forth again gives the same; else an error of the
   * server's: an explicit conversion may cut or round without a word.
   */
  private static String exactly(ColumnInfo column, ColumnInfo from, String value, String sameness) {
    String back = "(" + value + ")::" + column.type();
    String forth = "(" + back + ")::" + from.type();
    String words = "column " + column.name() + ": a value does not fit into " + column.type();
    // the first part is empty, but keeps the server from evaluating this before it has a row
    String refused =
        "((substr((" + value + ")::text, 1, 0) || " + literal(words) + ")::integer)::text";
    return "CASE WHEN "
        + value
        + " IS NULL OR ("
        + forth
        + ")"
        + sameness
        + " IS NOT DISTINCT FROM "
        + value
        + sameness
        + " THEN "
        + back
        + " ELSE "
        + refused
        + "::"
        + column.type()
        + " END";
  }

  /** Why the server would not write this expression into the column; empty when it would. */
  private Optional<String> refusal(ColumnInfo column, String expression, String target)
      throws SQLException {
    Savepoint before = session.connection().setSavepoint();
    try {
      session.execute("SET LOCAL search_path = " + userSearchPath);
      session.text(
          "EXPLAIN INSERT INTO "
              + target
              + " ("
              + name(column.name())
              + ") OVERRIDING SYSTEM VALUE SELECT "
              + expression
              + " FROM "
              + spec.table().sqlName()
              + " AS "
              + name(spec.finalName()));
      return Optional.empty();
    } catch (SQLException e) {
      return Optional.of(e.getMessage());
    } finally {
      session.connection().rollback(before);
    }
  }
}
