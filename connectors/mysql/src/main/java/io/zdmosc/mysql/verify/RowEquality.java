package io.zdmosc.mysql.verify;

import static io.zdmosc.mysql.sql.Sql.name;

import io.zdmosc.mysql.catalog.ColumnInfo;
import io.zdmosc.mysql.shadow.MappedColumn;
import io.zdmosc.mysql.sql.KeySql;
import io.zdmosc.mysql.sql.Sql;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The condition that two rows are identical, not merely equal: {@code a} and {@code A} are equal
 * under many collations, {@code 'x'} and {@code 'x '} too, and {@code 0} is {@code -0} as a float.
 */
final class RowEquality {
  private final ExpectedRows expected;

  RowEquality(ExpectedRows expected) {
    this.expected = expected;
  }

  /** Every compared column is identical. */
  String condition() {
    List<MappedColumn> compared = expected.compared();
    return compared.stream()
        .map(column -> "(" + identical(column) + ")")
        .collect(Collectors.joining(" AND "));
  }

  /** The names of the columns that differ, with commas. */
  String differingColumns() {
    return expected.compared().stream()
        .map(
            column ->
                "IF(" + identical(column) + ", NULL, " + Sql.literal(column.column().name()) + ")")
        .collect(Collectors.joining(", ", "CONCAT_WS(', ', ", ")"));
  }

  private String identical(MappedColumn mapped) {
    ColumnInfo column = mapped.column();
    String a = expected.value(mapped);
    String b = KeySql.SHADOW + "." + name(column.name());
    if (column.isText()) {
      return bytes(a) + " <=> " + bytes(b);
    }
    if (column.isFloat() && mapped.source() == null) {
      return a + " <=> " + b; // the constant has all digits, the column shows fewer
    }
    if (column.isFloat()) {
      return a + " <=> " + b + " AND CAST(" + a + " AS CHAR) <=> CAST(" + b + " AS CHAR)";
    }
    if (column.isNamed() || column.isBit()) {
      return a + " + 0 <=> " + b + " + 0";
    }
    if (column.isTimestamp()) {
      // as text of a local time, an hour of each year would be there twice
      return "UNIX_TIMESTAMP(" + a + ") <=> UNIX_TIMESTAMP(" + b + ")";
    }
    if (column.isInteger() || column.isDecimal() || column.isBytes() || column.isTemporal()) {
      return a + " <=> " + b;
    }
    return column.isSpatial() || column.dataType().equals("vector")
        ? "HEX(" + a + ") <=> HEX(" + b + ")"
        : bytes("CAST(" + a + " AS CHAR)") + " <=> " + bytes("CAST(" + b + " AS CHAR)");
  }

  private static String bytes(String value) {
    return "CAST(" + value + " AS BINARY)";
  }
}
