package io.zdmosc.harness.workload.mysql;

import io.zdmosc.harness.workload.table.Change;
import io.zdmosc.harness.workload.table.Column;
import io.zdmosc.harness.workload.table.CommitOutcome;
import io.zdmosc.harness.workload.table.Conflict;
import io.zdmosc.harness.workload.table.Shape;
import io.zdmosc.harness.workload.table.SqlDialect;
import io.zdmosc.harness.workload.table.TableSpec;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * The part of MySQL and MariaDB in the workload. Bytes have the text of their hexadecimal digits,
 * and bits that of their number. Stateless.
 */
public final class MySqlDialect implements SqlDialect {
  public static final MySqlDialect INSTANCE = new MySqlDialect();

  private MySqlDialect() {}

  @Override
  public String quote(String identifier) {
    return "`" + identifier.replace("`", "``") + "`";
  }

  @Override
  public String literal(Column column, String text) {
    if (text == null) {
      return "NULL";
    }
    return switch (MySqlType.of(column)) {
      case NUMBER -> new BigDecimal(text).toString();
      case BYTES -> "x'" + HexFormat.of().formatHex(bytes(text)) + "'";
      case TEXT -> "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    };
  }

  private static byte[] bytes(String text) {
    return HexFormat.of().parseHex(text);
  }

  @Override
  public String integer(String text) {
    return "CAST(" + text + " AS SIGNED)";
  }

  @Override
  public String insert(Shape shape, TableSpec table, List<String> ids, List<List<String>> values) {
    return "INSERT" + into(shape, ids, values);
  }

  @Override
  public String upsert(
      Shape shape, TableSpec table, List<String> ids, List<String> values, List<String> updated) {
    String assignments =
        updated.stream()
            .map(id -> quote(shape.name(id)) + " = " + values.get(ids.indexOf(id)))
            .collect(Collectors.joining(", "));
    return insert(shape, table, ids, List.of(values)) + " ON DUPLICATE KEY UPDATE " + assignments;
  }

  @Override
  public int upsertCount(boolean existed) {
    return existed ? 2 : 1;
  }

  @Override
  public Optional<String> replace(
      Shape shape, TableSpec table, List<String> ids, List<String> values) {
    return Optional.of("REPLACE" + into(shape, ids, List.of(values)));
  }

  private String into(Shape shape, List<String> ids, List<List<String>> values) {
    String names = ids.stream().map(id -> quote(shape.name(id))).collect(Collectors.joining(", "));
    String rows =
        values.stream()
            .map(row -> "(" + String.join(", ", row) + ")")
            .collect(Collectors.joining(", "));
    return " INTO " + quote(shape.table()) + " (" + names + ") VALUES " + rows;
  }

  @Override
  public void bind(PreparedStatement statement, int index, Column column, String text)
      throws SQLException {
    switch (MySqlType.of(column)) {
      case NUMBER -> statement.setBigDecimal(index, text == null ? null : new BigDecimal(text));
      case BYTES -> statement.setBytes(index, text == null ? null : bytes(text));
      case TEXT -> statement.setString(index, text);
    }
  }

  @Override
  public String shortText(String id, Random random) {
    return MySqlPayload.shortText(id, random);
  }

  @Override
  public String createCopyOfShape(String name, TableSpec table) {
    return table.columns().stream()
        .map(
            column ->
                quote(column.name())
                    + " "
                    + column.type()
                    + column.generatedAs().map(e -> " AS (" + e + ") STORED").orElse(" NULL"))
        .collect(
            Collectors.joining(
                ", ",
                "CREATE TEMPORARY TABLE " + quote(name) + " (",
                ") DEFAULT CHARSET = utf8mb4"));
  }

  @Override
  public Optional<String> dropPrivate(String name) {
    return Optional.of("DROP TEMPORARY TABLE IF EXISTS " + quote(name));
  }

  @Override
  public String differences(
      String expected, String actual, List<String> columns, List<String> identity) {
    return MySqlDifferences.query(
        quote(expected), quote(actual), quoted(columns), quoted(identity));
  }

  private List<String> quoted(List<String> names) {
    return names.stream().map(this::quote).toList();
  }

  /**
   * One statement, in which every clause means the names from before. It copies the table and keeps
   * writers out: an online change would take two rows that exchange unique values for duplicates.
   */
  @Override
  public List<String> nativeAlter(TableSpec table, Change change) {
    String how = " ALGORITHM = COPY, LOCK = SHARED, ";
    return List.of("ALTER TABLE " + quote(table.name()) + how + change.alter());
  }

  /** Half of the writers keep the server's default isolation, with its locks on gaps. */
  @Override
  public Optional<String> greeting(int writer, boolean asynchronousCommit) {
    return writer % 2 == 0
        ? Optional.empty()
        : Optional.of("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
  }

  @Override
  public String takeSnapshot() {
    return "START TRANSACTION WITH CONSISTENT SNAPSHOT";
  }

  @Override
  public boolean hasDeferrableConstraints() {
    return false;
  }

  @Override
  public Map<String, String> columns(Connection connection, String table) throws SQLException {
    return MySqlCatalog.columns(connection, table);
  }

  @Override
  public boolean isShapeError(SQLException error) {
    return MySqlErrors.isShapeError(error);
  }

  /** The server prepares statements anew without a word. */
  @Override
  public boolean isReplanning(SQLException error) {
    return false;
  }

  @Override
  public Optional<Conflict> conflict(SQLException error) {
    return MySqlErrors.conflict(error);
  }

  @Override
  public boolean isConnectionLoss(SQLException error) {
    return MySqlErrors.isConnectionLoss(error);
  }

  @Override
  public void createLedger(Connection connection) throws SQLException {
    MySqlLedger.create(connection);
  }

  @Override
  public String writeLedger(Connection connection, String entry) throws SQLException {
    return MySqlLedger.write(connection, entry);
  }

  @Override
  public CommitOutcome outcome(Connection connection, String entry, String transactionId)
      throws SQLException {
    return MySqlLedger.outcome(connection, entry);
  }
}
