package io.zdmosc.harness.workload.postgres;

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

/** PostgreSQL's source tables. */
public final class PostgresTables implements TableLayout {
  static final PostgresTables INSTANCE = new PostgresTables();

  private static final PostgresDialect SQL = PostgresDialect.INSTANCE;

  private PostgresTables() {}

  /** Begins a table with ordinary names, without a generated column. */
  public static TableBuilder with(KeyKind key) {
    return new TableBuilder(key, INSTANCE);
  }

  @Override
  public List<Column> payload(TableTraits traits) {
    List<Column> columns = new ArrayList<>();
    columns.add(traits.column(PayloadIds.ERA, "integer", "NOT NULL"));
    columns.add(traits.column(PayloadIds.BUCKET, "integer", "NOT NULL"));
    columns.add(traits.column(PayloadIds.CNT, "integer", "NOT NULL"));
    columns.add(traits.column(PayloadIds.NOTE, "text", ""));
    columns.add(traits.column(PayloadIds.BIG, "text", ""));
    columns.add(traits.column(PayloadIds.DOC, "jsonb", ""));
    columns.add(traits.column(PayloadIds.AMOUNT, "numeric", ""));
    columns.add(traits.column(PayloadIds.AT, "timestamp with time zone", "DEFAULT now()"));
    columns.add(traits.column(PayloadIds.FLAG, "boolean", "DEFAULT true"));
    columns.add(traits.column(PayloadIds.U, "integer", traits.uniqueNullable() ? "" : "NOT NULL"));
    if (traits.generated()) {
      String expression =
          quoted(traits, PayloadIds.CNT) + "::bigint * 1000 + " + quoted(traits, PayloadIds.BUCKET);
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
    if (key.primaryKey()) {
      lines.add(
          "CONSTRAINT " + owned(traits, "pkey") + " PRIMARY KEY (" + keyNames(traits, false) + ")");
    }
    lines.add(
        "CONSTRAINT "
            + owned(traits, "u_key")
            + " UNIQUE ("
            + quoted(traits, PayloadIds.U)
            + ")"
            + (traits.uniqueDeferrable() ? " DEFERRABLE INITIALLY IMMEDIATE" : ""));
    lines.add(
        "CONSTRAINT "
            + owned(traits, "cnt_check")
            + " CHECK ("
            + quoted(traits, PayloadIds.CNT)
            + " >= 0)");
    String table = SQL.quote(traits.naming().table());
    List<String> ddl = new ArrayList<>();
    ddl.add("CREATE TABLE " + table + " (" + String.join(", ", lines) + ")");
    if (!key.primaryKey()) {
      ddl.add(
          "CREATE UNIQUE INDEX "
              + owned(traits, "key_idx")
              + " ON "
              + table
              + " ("
              + keyNames(traits, true)
              + ")");
    }
    ddl.add(
        "CREATE INDEX "
            + owned(traits, "bucket_idx")
            + " ON "
            + table
            + " ("
            + quoted(traits, PayloadIds.BUCKET)
            + ")");
    return ddl;
  }

  private static String definition(Column column) {
    return SQL.quote(column.name())
        + " "
        + column.type()
        + " "
        + column.constraints()
        + column.generatedAs().map(e -> "GENERATED ALWAYS AS (" + e + ") STORED").orElse("");
  }

  private static String keyNames(TableTraits traits, boolean directed) {
    return traits.key().columns().stream()
        .map(column -> quoted(traits, column.id()) + (directed ? " " + column.direction() : ""))
        .collect(Collectors.joining(", "));
  }

  private static String quoted(TableTraits traits, String id) {
    return SQL.quote(traits.naming().column(id));
  }

  private static String owned(TableTraits traits, String suffix) {
    return SQL.quote(traits.naming().owned(suffix));
  }
}
