package io.zdmosc.postgres.dump;

import static io.zdmosc.postgres.sql.Sql.literal;
import static io.zdmosc.postgres.sql.Sql.name;
import static io.zdmosc.postgres.sql.Sql.names;

import io.zdmosc.postgres.catalog.Catalog;
import io.zdmosc.postgres.catalog.ColumnInfo;
import io.zdmosc.postgres.catalog.ConstraintInfo;
import io.zdmosc.postgres.catalog.IndexInfo;
import io.zdmosc.postgres.catalog.SequenceInfo;
import io.zdmosc.postgres.catalog.TableInfo;
import io.zdmosc.postgres.shadow.IndexSql;
import io.zdmosc.postgres.shadow.SourceTable;
import io.zdmosc.postgres.sql.Session;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;

/**
 * Writes one table as SQL for {@code psql}: its definition, its rows by {@code COPY}, then indexes
 * and constraints, each under its present name. It needs no program of the server's, whose version
 * would have to fit. Owner, grants and foreign keys are not in it, nor what a partition has by
 * itself.
 */
public final class TableDump {
  private final Session session;
  private final SourceTable table;
  private final OutputStream out;

  private TableDump(Session session, SourceTable table, OutputStream out) {
    this.session = session;
    this.table = table;
    this.out = out;
  }

  /** Writes the table of this oid as one snapshot shows it. */
  public static void write(Session session, long oid, OutputStream out)
      throws SQLException, IOException {
    session.connection().setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    session.execute(
        "SET search_path = pg_catalog; SET datestyle = 'ISO, YMD'; SET intervalstyle = postgres;"
            + " SET extra_float_digits = 1");
    session.connection().setAutoCommit(false);
    try {
      Catalog catalog = new Catalog(session);
      TableInfo info = catalog.table(oid).orElseThrow(() -> new SQLException("the table is gone"));
      new TableDump(session, SourceTable.read(catalog, info), out).write();
    } finally {
      session.rollbackQuietly();
    }
  }

  private void write() throws SQLException, IOException {
    line("-- Table " + table.table().sqlName() + ", written by zdm-osc. Restore it with psql.");
    line("SET client_encoding = 'UTF8';");
    line("SET standard_conforming_strings = on;");
    line("SET check_function_bodies = off;");
    line("SET datestyle = 'ISO, YMD';");
    line("SET intervalstyle = postgres;");
    line("SELECT pg_catalog.set_config('search_path', '', false);");
    line("");
    for (String sequence : sequences()) {
      line("CREATE SEQUENCE IF NOT EXISTS " + sequence + ";");
    }
    line("CREATE TABLE " + table.table().sqlName() + " (");
    line(table.columns().stream().map(this::column).collect(Collectors.joining(",\n")));
    line(")" + partitionKey() + ";");
    partitions();
    line("");
    rows();
    constraints();
    comments();
    identities();
  }

  private String partitionKey() throws SQLException {
    return session
        .text("SELECT ' PARTITION BY ' || pg_get_partkeydef(?::oid)", table.table().oid())
        .orElse("");
  }

  /** Those of all levels, the higher ones first. */
  private void partitions() throws SQLException, IOException {
    List<String> statements =
        session.query(
            """
            SELECT format('CREATE TABLE %I.%I PARTITION OF %I.%I %s%s;', n.nspname, c.relname,
                          pn.nspname, p.relname, pg_get_expr(c.relpartbound, c.oid),
                          coalesce(' PARTITION BY ' || pg_get_partkeydef(c.oid), ''))
              FROM pg_partition_tree(?::oid::regclass) t
              JOIN pg_class c ON c.oid = t.relid JOIN pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_class p ON p.oid = t.parentrelid
              JOIN pg_namespace pn ON pn.oid = p.relnamespace
             WHERE t.level > 0 ORDER BY t.level, c.oid""",
            row -> row.getString(1), table.table().oid());
    for (String statement : statements) {
      line(statement);
    }
  }

  /** Those that defaults draw from; identity columns bring their own. */
  private List<String> sequences() throws SQLException {
    return session.query(
        """
        SELECT DISTINCT format('%I.%I', n.nspname, c.relname)
          FROM pg_attrdef d
          JOIN pg_depend p ON p.classid = 'pg_attrdef'::regclass AND p.objid = d.oid
                          AND p.refclassid = 'pg_class'::regclass
          JOIN pg_class c ON c.oid = p.refobjid AND c.relkind = 'S'
          JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE d.adrelid = ?::oid ORDER BY 1\
        """,
        row -> row.getString(1), table.table().oid());
  }

  private String column(ColumnInfo column) {
    StringBuilder sql = new StringBuilder("  " + name(column.name()) + " " + column.type());
    if (column.collation() != null) {
      sql.append(" COLLATE ").append(column.collation());
    }
    if (column.isGenerated()) {
      sql.append(" GENERATED ALWAYS AS (").append(column.defaultExpression()).append(")");
      sql.append(column.generated().equals("v") ? " VIRTUAL" : " STORED");
    } else if (column.isIdentity()) {
      sql.append(column.identity().equals("a") ? " GENERATED ALWAYS" : " GENERATED BY DEFAULT");
      sql.append(" AS IDENTITY");
    } else if (column.defaultExpression() != null) {
      sql.append(" DEFAULT ").append(column.defaultExpression());
    }
    return sql.append(column.notNull() ? " NOT NULL" : "").toString();
  }

  private void rows() throws SQLException, IOException {
    List<String> stored =
        table.columns().stream().filter(c -> !c.isGenerated()).map(ColumnInfo::name).toList();
    String what = table.table().sqlName() + " (" + names(stored) + ")";
    String query = "(SELECT " + names(stored) + " FROM " + table.table().sqlName() + ")";
    line("COPY " + what + " FROM stdin;");
    session
        .connection()
        .unwrap(PGConnection.class)
        .getCopyAPI()
        .copyOut("COPY " + (table.table().isPartitioned() ? query : what) + " TO STDOUT", out);
    line("\\.");
    line("");
  }

  private void constraints() throws IOException {
    String sqlName = table.table().sqlName();
    for (IndexInfo index : table.indexes()) {
      if (index.servesConstraint()) {
        line(constraint(index.constraint(), index.constraintDefinition()));
      } else if (index.valid()) {
        line(IndexSql.create(index, sqlName, index.name()) + ";");
      }
    }
    for (ConstraintInfo check : table.constraintsOfType("c")) {
      line(constraint(check.name(), check.definition()));
    }
  }

  private String constraint(String constraint, String definition) {
    return "ALTER TABLE "
        + table.table().sqlName()
        + " ADD CONSTRAINT "
        + name(constraint)
        + " "
        + definition
        + ";";
  }

  private void comments() throws SQLException, IOException {
    String sqlName = table.table().sqlName();
    if (table.table().comment() != null) {
      line("COMMENT ON TABLE " + sqlName + " IS " + literal(table.table().comment()) + ";");
    }
    List<String> lines = new ArrayList<>();
    for (ColumnInfo column : table.columns()) {
      session
          .text("SELECT col_description(?::oid, ?::int)", table.table().oid(), column.number())
          .ifPresent(
              comment ->
                  lines.add(
                      "COMMENT ON COLUMN "
                          + sqlName
                          + "."
                          + name(column.name())
                          + " IS "
                          + literal(comment)
                          + ";"));
    }
    for (String each : lines) {
      line(each);
    }
  }

  private void identities() throws SQLException, IOException {
    for (SequenceInfo sequence : table.sequences()) {
      if (sequence.identity()) {
        String state =
            session
                .text(
                    "SELECT last_value || ', ' || is_called FROM "
                        + name(sequence.schema(), sequence.name()))
                .orElseThrow();
        line(
            "SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence("
                + literal(table.table().sqlName())
                + ", "
                + literal(table.column(sequence.column()).name())
                + "), "
                + state
                + ");");
      }
    }
  }

  private void line(String text) throws IOException {
    out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
