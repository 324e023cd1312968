package io.zdmosc.postgres.shadow;

import static io.zdmosc.postgres.sql.Sql.literal;
import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.postgres.catalog.ColumnInfo;
import io.zdmosc.postgres.catalog.ConstraintInfo;
import io.zdmosc.postgres.catalog.IndexInfo;
import io.zdmosc.postgres.catalog.TableInfo;
import io.zdmosc.postgres.partition.Partition;
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
 * Works out how the old table gets its rows from the new one.
 *
 * <p>A column that the change only renames or converts by the server's own conversion goes back by
 * the opposite conversion, but never with a loss: the value must come out the same when it is
 * converted forth again, or the row is refused. What was converted by an expression needs an
 * expression back. A column that the change drops keeps what its row had.
 */
public final class WayBackBuilder {
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
  public WayBackBuilder(
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
   * Does it.
   *
   * @throws RefusedException when a given expression is of no use
   */
  public WayBack build() throws SQLException {
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
    note();
    SourceTable served = served();
    ShadowSpec back = spec(columns);
    return new WayBack(served, back, identity(served, back), missing, notes);
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

  /** What the new table lets in and the old one does not. */
  private void note() {
    for (MappedColumn column : spec.columns()) {
      if (column.source() == null) {
        notes.add("column " + column.column().name() + " is new; its values are not carried back");
      }
    }
    for (IndexInfo index : source.indexes()) {
      boolean kept =
          spec.indexes().stream()
              .anyMatch(
                  i ->
                      i.name().equals(index.name())
                          && i.unique()
                          && i.keyColumns().size() <= index.keyColumns().size());
      if (index.unique() && index.valid() && !kept) {
        barred("meet others on " + index.name());
      }
    }
    for (ConstraintInfo check : source.constraintsOfType("c")) {
      if (!spec.checks().contains(check.name())) {
        barred("violate " + check.name());
      }
    }
    for (MappedColumn column : spec.columns()) {
      if (column.source() != null && column.source().notNull() && !column.column().notNull()) {
        barred("have no " + column.source().name());
      }
    }
  }

  private void barred(String how) {
    notes.add(
        "rows of the new table may "
            + how
            + "; such a row waits, and bars the rollback until it"
            + " is mended");
  }

  /** The new table as it is when it serves. */
  private SourceTable served() {
    TableInfo made = spec.table();
    TableInfo table =
        new TableInfo(
            made.oid(),
            spec.finalSchema(),
            spec.finalName(),
            made.kind(),
            made.persistence(),
            made.replicaIdentity(),
            made.owner(),
            made.accessMethod(),
            made.options(),
            made.tablespace(),
            made.comment(),
            source.table().rows(),
            source.table().tableBytes(),
            source.table().indexBytes());
    List<ConstraintInfo> keys =
        spec.foreignKeys().stream()
            .map(
                key ->
                    new ConstraintInfo(
                        0,
                        key.name(),
                        "f",
                        key.definition(),
                        key.validate(),
                        List.of(),
                        key.referencedTable(),
                        key.comment()))
            .toList();
    return new SourceTable(
        table,
        spec.columns().stream().map(MappedColumn::column).toList(),
        spec.indexes(),
        keys,
        spec.sequences(),
        "DEFAULT");
  }

  private ShadowSpec spec(List<MappedColumn> columns) {
    return new ShadowSpec(
        source.table(),
        source.table().name(),
        source.table().schema(),
        Optional.empty(),
        columns,
        source.indexes(),
        List.of(),
        source.constraintsOfType("f").stream().map(ForeignKey::carriedBack).toList(),
        source.sequences(),
        List.of(),
        null,
        List.of(),
        List.of(),
        partitions(),
        List.of(),
        List.of(),
        List.of());
  }

  /** The old table's, under the names that they have when it serves again. */
  private List<Partition> partitions() {
    return spec.partitions().stream()
        .filter(Partition::goesOn)
        .map(
            partition ->
                new Partition(
                    partition.name(),
                    partition.bound(),
                    partition.storage(),
                    0,
                    partition.parent(),
                    partition.key(),
                    List.of(),
                    partition.schema()))
        .toList();
  }

  private Optional<RowIdentity> identity(SourceTable served, ShadowSpec back) throws SQLException {
    try {
      RowIdentity identity = new IdentityChooser(session, served, back).choose();
      if (IdentityChooser.shadowIndex(back, identity).isPresent()) {
        boolean lists = session.test("SELECT current_setting('server_version_num')::int >= 150000");
        return Optional.of(lists ? identity : identity.withoutColumnList());
      }
      missing.add(
          new Problem(
              "table " + source.table().sqlName(),
              "has no unique index on "
                  + String.join(", ", identity.shadowColumns())
                  + ", by which its rows could be found from the new table",
              "Create one first, or run without --hold."));
    } catch (RefusedException e) {
      missing.add(
          new Problem(
              "table " + spec.servedSql(),
              "has no identity by which the rows of the old table can be found: "
                  + e.problems().get(0).object()
                  + " "
                  + e.problems().get(0).what(),
              "Keep a primary key or unique index in the change, or run without --hold."));
    }
    return Optional.empty();
  }
}
