package io.zdmosc.harness.workload.postgres;

import io.zdmosc.harness.workload.table.Change;
import io.zdmosc.harness.workload.table.Column;
import io.zdmosc.harness.workload.table.CommitOutcome;
import io.zdmosc.harness.workload.table.Conflict;
import io.zdmosc.harness.workload.table.KeyColumn;
import io.zdmosc.harness.workload.table.PayloadIds;
import io.zdmosc.harness.workload.table.PayloadTexts;
import io.zdmosc.harness.workload.table.Shape;
import io.zdmosc.harness.workload.table.SqlDialect;
import io.zdmosc.harness.workload.table.TableSpec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** PostgreSQL's part of the workload. Stateless. */
public final class PostgresDialect implements SqlDialect {
  public static final PostgresDialect INSTANCE = new PostgresDialect();

  /**
   * Undefined column, undefined table, datatype mismatch, NOT NULL violation, no operator for the
   * types, no index for ON CONFLICT, column generated always.
   */
  private static final Set<String> SHAPE_ERRORS =
      Set.of("42703", "42P01", "42804", "23502", "42883", "42P10", "428C9");

  private static final Set<String> LOSSES = Set.of("57P01", "57P02", "57P03");

  private PostgresDialect() {}

  @Override
  public String quote(String identifier) {
    return "\"" + identifier.replace("\"", "\"\"") + "\"";
  }

  @Override
  public String literal(Column column, String text) {
    return literal(text);
  }

  private static String literal(String text) {
    return text == null ? "NULL" : "'" + text.replace("'", "''") + "'";
  }

  @Override
  public String integer(String text) {
    return "CAST(" + literal(text) + " AS integer)";
  }

  @Override
  public String insert(Shape shape, TableSpec table, List<String> ids, List<List<String>> values) {
    String rows =
        values.stream()
            .map(row -> "(" + String.join(", ", row) + ")")
            .collect(Collectors.joining(", "));
    return "INSERT INTO "
        + quote(shape.table())
        + " ("
        + names(shape, ids)
        + ")"
        + (overriding(table, ids) ? " OVERRIDING SYSTEM VALUE" : "")
        + " VALUES "
        + rows;
  }

  @Override
  public String upsert(
      Shape shape, TableSpec table, List<String> ids, List<String> values, List<String> updated) {
    String assignments =
        updated.stream()
            .map(id -> quote(shape.name(id)) + " = EXCLUDED." + quote(shape.name(id)))
            .collect(Collectors.joining(", "));
    return insert(shape, table, ids, List.of(values))
        + " ON CONFLICT ("
        + names(shape, table.keyIds())
        + ") DO UPDATE SET "
        + assignments;
  }

  @Override
  public int upsertCount(boolean existed) {
    return 1;
  }

  @Override
  public Optional<String> replace(
      Shape shape, TableSpec table, List<String> ids, List<String> values) {
    return Optional.empty();
  }

  /** The server takes the parameter for its column's type. */
  @Override
  public void bind(PreparedStatement statement, int index, Column column, String text)
      throws SQLException {
    statement.setObject(index, text, Types.OTHER);
  }

  @Override
  public String shortText(String id, Random random) {
    return switch (id) {
      case PayloadIds.NOTE -> PayloadTexts.note(random);
      case PayloadIds.AMOUNT -> PayloadTexts.amount(random);
      case PayloadIds.AT -> at(random);
      case PayloadIds.FLAG -> flag(random);
      default -> throw new IllegalArgumentException("no values for column " + id);
    };
  }

  private static String at(Random random) {
    if (random.nextInt(8) == 0) {
      return null;
    }
    return String.format(
        "%04d-%02d-%02d %02d:%02d:%02d.%06d+%02d",
        1 + random.nextInt(2500),
        1 + random.nextInt(12),
        1 + random.nextInt(28),
        random.nextInt(24),
        random.nextInt(60),
        random.nextInt(60),
        random.nextInt(1_000_000),
        random.nextInt(13));
  }

  private static String flag(Random random) {
    int flag = random.nextInt(3);
    return flag == 0 ? null : Boolean.toString(flag == 1);
  }

  @Override
  public String createCopyOfShape(String name, TableSpec table) {
    return table.columns().stream()
        .map(this::bareDefinition)
        .collect(Collectors.joining(", ", "CREATE TEMPORARY TABLE " + quote(name) + " (", ")"));
  }

  @Override
  public Optional<String> dropPrivate(String name) {
    return Optional.empty();
  }

  private String bareDefinition(Column column) {
    return quote(column.name())
        + " "
        + column.type()
        + column.generatedAs().map(e -> " GENERATED ALWAYS AS (" + e + ") STORED").orElse("");
  }

  @Override
  public String differences(
      String expected, String actual, List<String> columns, List<String> identity) {
    return PostgresDifferences.query(
        quote(expected), quote(actual), quoted(columns), quoted(identity));
  }

  private List<String> quoted(List<String> names) {
    return names.stream().map(this::quote).toList();
  }

  @Override
  public List<String> nativeAlter(TableSpec table, Change change) {
    String prefix = "ALTER TABLE " + quote(table.name()) + " ";
    return change.clauses().stream().map(clause -> prefix + clause).toList();
  }

  @Override
  public Optional<String> greeting(int writer, boolean asynchronousCommit) {
    return asynchronousCommit ? Optional.of("SET synchronous_commit = off") : Optional.empty();
  }

  @Override
  public String takeSnapshot() {
    return "SELECT 1";
  }

  @Override
  public boolean hasDeferrableConstraints() {
    return true;
  }

  @Override
  public Map<String, String> columns(Connection connection, String table) throws SQLException {
    return PostgresCatalog.columns(connection, table);
  }

  @Override
  public boolean isShapeError(SQLException error) {
    return SHAPE_ERRORS.contains(error.getSQLState());
  }

  @Override
  public boolean isReplanning(SQLException error) {
    return "0A000".equals(error.getSQLState())
        && String.valueOf(error.getMessage()).contains("cached plan");
  }

  /** None is expected: writers take their locks in one order. */
  @Override
  public Optional<Conflict> conflict(SQLException error) {
    return Optional.empty();
  }

  @Override
  public boolean isConnectionLoss(SQLException error) {
    String state = error.getSQLState();
    return state != null && (state.startsWith("08") || LOSSES.contains(state));
  }

  @Override
  public void createLedger(Connection connection) throws SQLException {
    PostgresLedger.create(connection);
  }

  @Override
  public String writeLedger(Connection connection, String entry) throws SQLException {
    return PostgresLedger.write(connection, entry);
  }

  @Override
  public CommitOutcome outcome(Connection connection, String entry, String transactionId)
      throws SQLException {
    return PostgresLedger.outcome(connection, entry, transactionId);
  }

  private String names(Shape shape, List<String> ids) {
    return ids.stream().map(id -> quote(shape.name(id))).collect(Collectors.joining(", "));
  }

  private static boolean overriding(TableSpec table, List<String> ids) {
    return table.key().columns().stream()
        .filter(column -> ids.contains(column.id()))
        .map(KeyColumn::constraints)
        .anyMatch(constraints -> constraints.contains("GENERATED ALWAYS AS IDENTITY"));
  }
}
