package io.zdmosc.harness.workload.postgres;

import io.zdmosc.harness.workload.table.Column;
import io.zdmosc.harness.workload.table.KeyKind;
import io.zdmosc.harness.workload.table.Naming;
import io.zdmosc.harness.workload.table.PayloadIds;
import io.zdmosc.harness.workload.table.TableSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes source tables: a key of any kind beside the payload that all tables have. */
public final class PostgresTables {
  private static final PostgresDialect SQL = PostgresDialect.INSTANCE;

  private final KeyKind key;
  private Naming naming = Naming.plain("orders");
  private boolean generated;
  private boolean keyLast;
  private boolean uniqueDeferrable;
  private boolean uniqueNullable = true;

  private PostgresTables(KeyKind key) {
    this.key = key;
  }

  /** Begins a table with ordinary names, without a generated column. */
  public static PostgresTables with(KeyKind key) {
    return new PostgresTables(key);
  }

  public PostgresTables named(Naming newNaming) {
    naming = newNaming;
    return this;
  }

  /** The table has a stored generated column. */
  public PostgresTables generated() {
    generated = true;
    return this;
  }

  /** The key's columns come last in the table. */
  public PostgresTables keyLast() {
    keyLast = true;
    return this;
  }

  /**
   * The unique constraint is checked at the end of statements, so values can be exchanged in one.
   */
  public PostgresTables uniqueDeferrable() {
    uniqueDeferrable = true;
    return this;
  }

  /** The column under the unique constraint is NOT NULL. */
  public PostgresTables uniqueNotNull() {
    uniqueNullable = false;
    return this;
  }

  public TableSpec build() {
    List<Column> columns = new ArrayList<>(payload());
    List<Column> keyColumns =
        key.columns().stream().map(c -> column(c.id(), c.type(), c.constraints())).toList();
    columns.addAll(keyLast ? columns.size() : 0, keyColumns);
    return new TableSpec(naming, key, columns, ddl(columns), uniqueDeferrable, uniqueNullable);
  }

  private List<Column> payload() {
    List<Column> columns = new ArrayList<>();
    columns.add(column(PayloadIds.ERA, "integer", "NOT NULL"));
    columns.add(column(PayloadIds.BUCKET, "integer", "NOT NULL"));
    columns.add(column(PayloadIds.CNT, "integer", "NOT NULL"));
    columns.add(column(PayloadIds.NOTE, "text", ""));
    columns.add(column(PayloadIds.BIG, "text", ""));
    columns.add(column(PayloadIds.DOC, "jsonb", ""));
    columns.add(column(PayloadIds.AMOUNT, "numeric", ""));
    columns.add(column(PayloadIds.AT, "timestamp with time zone", "DEFAULT now()"));
    columns.add(column(PayloadIds.FLAG, "boolean", "DEFAULT true"));
    columns.add(column(PayloadIds.U, "integer", uniqueNullable ? "" : "NOT NULL"));
    if (generated) {
      String expression = quoted(PayloadIds.CNT) + "::bigint * 1000 + " + quoted(PayloadIds.BUCKET);
      columns.add(
          new Column(
              PayloadIds.GEN,
              naming.column(PayloadIds.GEN),
              "bigint",
              "",
              Optional.of(expression)));
    }
    return columns;
  }

  private Column column(String id, String type, String constraints) {
    return new Column(id, naming.column(id), type, constraints, Optional.empty());
  }

  private List<String> ddl(List<Column> columns) {
    List<String> lines = new ArrayList<>();
    columns.forEach(column -> lines.add(definition(column)));
    if (key.primaryKey()) {
      lines.add("CONSTRAINT " + owned("pkey") + " PRIMARY KEY (" + keyNames(false) + ")");
    }
    lines.add(
        "CONSTRAINT "
            + owned("u_key")
            + " UNIQUE ("
            + quoted(PayloadIds.U)
            + ")"
            + (uniqueDeferrable ? " DEFERRABLE INITIALLY IMMEDIATE" : ""));
    lines.add("CONSTRAINT " + owned("cnt_check") + " CHECK (" + quoted(PayloadIds.CNT) + " >= 0)");
    String table = SQL.quote(naming.table());
    List<String> ddl = new ArrayList<>();
    ddl.add("CREATE TABLE " + table + " (" + String.join(", ", lines) + ")");
    if (!key.primaryKey()) {
      ddl.add(
          "CREATE UNIQUE INDEX " + owned("key_idx") + " ON " + table + " (" + keyNames(true) + ")");
    }
    ddl.add(
        "CREATE INDEX "
            + owned("bucket_idx")
            + " ON "
            + table
            + " ("
            + quoted(PayloadIds.BUCKET)
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

  private String keyNames(boolean directed) {
    return key.columns().stream()
        .map(column -> quoted(column.id()) + (directed ? " " + column.direction() : ""))
        .collect(Collectors.joining(", "));
  }

  private String quoted(String id) {
    return SQL.quote(naming.column(id));
  }

  private String owned(String suffix) {
    return SQL.quote(naming.owned(suffix));
  }
}
