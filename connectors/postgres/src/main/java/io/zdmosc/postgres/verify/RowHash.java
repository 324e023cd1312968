package io.zdmosc.postgres.verify;

import io.zdmosc.postgres.catalog.ColumnInfo;
import io.zdmosc.postgres.shadow.MappedColumn;
import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * A 64-bit hash of a row, computed on the server, that sees every bit of every value.
 *
 * <p>The server's own hash of a record tells NULL from empty and keeps columns apart, but for many
 * types it holds equal what is not identical: {@code 1.0} and {@code 1.00}, {@code -0} and {@code
 * 0}, padded and unpadded {@code char}, texts under a case-insensitive collation. So only types for
 * which equal means identical are hashed as they are; all others by their binary output, which is
 * the value as the protocol sends it.
 */
final class RowHash {
  private static final Set<String> IDENTICAL =
      Set.of(
          "int2",
          "int4",
          "int8",
          "bool",
          "oid",
          "uuid",
          "date",
          "timestamp",
          "timestamptz",
          "time",
          "bytea",
          "char");
  private static final Set<String> TEXTS = Set.of("text", "varchar");

  private final List<MappedColumn> compared;
  private final String shadowAlias;

  RowHash(Working working, String shadowAlias) {
    this.compared = working.spec().columns().stream().filter(MappedColumn::isCompared).toList();
    this.shadowAlias = shadowAlias;
  }

  /** Of the source row, transformed. */
  String source() {
    return hash(MappedColumn::comparedSource);
  }

  /** Of the shadow row. */
  String shadow() {
    return hash(column -> column.comparedShadow(shadowAlias));
  }

  /** For each column the condition that its two values differ, with its name. */
  String differingColumns() {
    List<String> cases = new ArrayList<>();
    for (MappedColumn column : compared) {
      cases.add(
          "CASE WHEN "
              + part(column.comparedAs(), column.comparedSource())
              + " IS DISTINCT FROM "
              + part(column.comparedAs(), column.comparedShadow(shadowAlias))
              + " THEN "
              + Sql.literal(column.column().name())
              + " END");
    }
    return "concat_ws(', ', " + String.join(", ", cases) + ")";
  }

  private String hash(Function<MappedColumn, String> value) {
    List<String> parts = new ArrayList<>();
    for (MappedColumn column : compared) {
      parts.add(part(column.comparedAs(), value.apply(column)));
    }
    return "hash_record_extended(ROW(" + String.join(", ", parts) + "), 0)";
  }

  /** A value in a form in which equal means identical. */
  static String part(ColumnInfo column, String value) {
    if (isBuiltIn(column, IDENTICAL) || isFixedScale(column)) {
      return value;
    }
    if (isBuiltIn(column, TEXTS)) {
      return "(" + value + ") COLLATE \"C\"";
    }
    if (column.sendFunction() == null) {
      return "format('%s', " + value + ") COLLATE \"C\"";
    }
    return column.sendFunction() + "((" + value + ")::" + column.baseType() + ")";
  }

  /** With a declared scale, equal numbers are written with the same digits. */
  private static boolean isFixedScale(ColumnInfo column) {
    return column.typeSchema().equals("pg_catalog") && column.type().startsWith("numeric(");
  }

  private static boolean isBuiltIn(ColumnInfo column, Set<String> types) {
    return column.typeSchema().equals("pg_catalog") && types.contains(column.typeName());
  }
}
