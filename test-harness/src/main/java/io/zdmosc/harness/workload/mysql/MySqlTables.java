package io.zdmosc.harness.workload.mysql;

import io.zdmosc.harness.workload.table.Column;
import io.zdmosc.harness.workload.table.KeyKind;
import io.zdmosc.harness.workload.table.PayloadIds;
import io.zdmosc.harness.workload.table.TableBuilder;
import io.zdmosc.harness.workload.table.TableLayout;
import io.zdmosc.harness.workload.table.TableTraits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The source tables of MySQL and MariaDB. */
public final class MySqlTables implements TableLayout {
  /** Keys that the server makes begin here; those of the workload are below. */
  static final long FIRST_SERVER_KEY = 1_000_000_000;

  static final MySqlTables INSTANCE = new MySqlTables();

  private static final MySqlDialect SQL = MySqlDialect.INSTANCE;

  private MySqlTables() {}

  /** Begins a table with ordinary names, without a generated column. */
  public static TableBuilder with(KeyKind key) {
    return new TableBuilder(key, INSTANCE);
  }

  @Override
  public List<Column> payload(TableTraits traits) {
    List<Column> columns = new ArrayList<>();
    columns.add(traits.column(PayloadIds.ERA, "int", "NOT NULL"));
    columns.add(traits.column(PayloadIds.BUCKET, "int", "NOT NULL"));
    columns.add(traits.column(PayloadIds.CNT, "int", "NOT NULL"));
    columns.add(traits.column(PayloadIds.NOTE, "text", "NULL"));
    columns.add(traits.column(PayloadIds.BIG, "mediumtext", "NULL"));
    columns.add(traits.column(PayloadIds.DOC, "json", "NULL"));
    columns.add(traits.column(PayloadIds.AMOUNT, "decimal(20,4)", "NULL"));
    String now = "NULL DEFAULT CURRENT_TIMESTAMP(3)";
    columns.add(traits.column(PayloadIds.AT, "timestamp(3)", now));
    columns.add(traits.column(PayloadIds.FLAG, "tinyint", "NULL DEFAULT 1"));
    columns.add(traits.column(PayloadIds.U, "int", traits.uniqueNullable() ? "NULL" : "NOT NULL"));
    columns.add(traits.column(PayloadIds.KIND, "enum('low','high','it''s','')", "NULL"));
    columns.add(traits.column(PayloadIds.TAGS, "set('red','green','it''s')", "NULL"));
    columns.add(traits.column(PayloadIds.RAW, "mediumblob", "NULL"));
    columns.add(traits.column(PayloadIds.MASK, "bit(12)", "NULL"));
    if (traits.generated()) {
      String expression =
          quoted(traits, PayloadIds.CNT) + " * 1000 + " + quoted(traits, PayloadIds.BUCKET);
      String name = traits.naming().column(PayloadIds.GEN);
      columns.add(new Column(PayloadIds.GEN, name, "bigint", "", Optional.of(expression)));
    }
    return columns;
  }

  @Override
  public List<String> create(TableTraits traits, List<Column> columns) {
    KeyKind key = traits.key();
    List<String> lines = new ArrayList<>();
    columns.forEach(column -> lines.add(definition(column)));
    String keyNames =
        key.columns().stream()
            .map(column -> quoted(traits, column.id()) + " " + column.direction())
            .collect(Collectors.joining(", "));
    lines.add(
        key.primaryKey()
            ? "PRIMARY KEY (" + keyNames + ")"
            : "UNIQUE KEY " + owned(traits, "key_idx") + " (" + keyNames + ")");
    lines.add("UNIQUE KEY " + owned(traits, "u_key") + " (" + quoted(traits, PayloadIds.U) + ")");
    lines.add(
        "KEY " + owned(traits, "bucket_idx") + " (" + quoted(traits, PayloadIds.BUCKET) + ")");
    lines.add(
        "CONSTRAINT "
            + owned(traits, "cnt_check")
            + " CHECK ("
            + quoted(traits, PayloadIds.CNT)
            + " >= 0)");
    return List.of(
        "CREATE TABLE "
            + SQL.quote(traits.naming().table())
            + " ("
            + String.join(", ", lines)
            + ") ENGINE = InnoDB DEFAULT CHARSET = utf8mb4"
            + (key.serverGenerated() ? " AUTO_INCREMENT = " + FIRST_SERVER_KEY : ""));
  }

  /** What follows the column's name. */
  static String declaration(Column column) {
    return column.type()
        + " "
        + column.constraints()
        + column.generatedAs().map(e -> "GENERATED ALWAYS AS (" + e + ") STORED").orElse("");
  }

  private static String definition(Column column) {
    return SQL.quote(column.name()) + " " + declaration(column);
  }

  private static String quoted(TableTraits traits, String id) {
    return SQL.quote(traits.naming().column(id));
  }

  private static String owned(TableTraits traits, String suffix) {
    return SQL.quote(traits.naming().owned(suffix));
  }
}
