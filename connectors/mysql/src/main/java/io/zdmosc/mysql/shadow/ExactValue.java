package io.zdmosc.mysql.shadow;

import io.zdmosc.mysql.catalog.ColumnInfo;
import io.zdmosc.mysql.sql.KeySql;
import io.zdmosc.mysql.sql.Sql;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A value of a column that the change has widened, on its way back. The server would round a
 * decimal or a time and cut blanks without a word: such values are given to it in a form that it
 * refuses.
 */
final class ExactValue {
  private static final Pattern LENGTH = Pattern.compile("\\w+\\((\\d+)\\).*");
  private static final Pattern FRACTION = Pattern.compile("\\w+\\((\\d)\\).*");
  private static final String REFUSED = "'does not fit'";

  private ExactValue() {}

  /** The value, or what a strict server refuses; null where the value itself is refused. */
  static String of(ColumnInfo column, ColumnInfo from) {
    String value = KeySql.SOURCE + "." + Sql.name(from.name());
    if (from.isDecimal() && column.isDecimal()) {
      return "IF("
          + value
          + " IS NULL OR "
          + value
          + " = TRUNCATE("
          + value
          + ", "
          + scale(column)
          + "), CAST("
          + value
          + " AS CHAR), "
          + REFUSED
          + ")";
    }
    if (from.isTemporal()) {
      long unit = Math.round(Math.pow(10, 6 - fraction(column)));
      return "IF("
          + value
          + " IS NULL OR MICROSECOND("
          + value
          + ") % "
          + unit
          + " = 0, CAST("
          + value
          + " AS CHAR), "
          + REFUSED
          + ")";
    }
    Matcher length = LENGTH.matcher(column.columnType());
    if (from.isText() && length.matches()) {
      return "IF(CHAR_LENGTH("
          + value
          + ") > "
          + length.group(1)
          + ", CONCAT("
          + value
          + ", REPEAT('.', "
          + length.group(1)
          + " + 1)), "
          + value
          + ")";
    }
    return null;
  }

  private static int scale(ColumnInfo column) {
    String type = column.columnType();
    int comma = type.indexOf(',');
    return comma < 0 ? 0 : Integer.parseInt(type.substring(comma + 1, type.indexOf(')')).strip());
  }

  private static int fraction(ColumnInfo column) {
    Matcher matcher = FRACTION.matcher(column.columnType());
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
  }
}
