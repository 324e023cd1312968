package io.zdmosc.mysql.shadow;

import io.zdmosc.mysql.catalog.ColumnInfo;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What can be said of a change of type without asking the server to carry it out. */
public final class Conversion {
  private static final Pattern SCALE = Pattern.compile("decimal\\((\\d+),(\\d+)\\).*");
  private static final Pattern LENGTH = Pattern.compile("varchar\\((\\d+)\\).*");
  private static final Set<String> LONG_TEXTS = Set.of("mediumtext", "longtext");

  private Conversion() {}

  /**
   * True when the converted value is the value itself, so that both can be compared as they are.
   * For any other change the server is made to convert, and the outcome is compared.
   */
  public static boolean keepsValue(ColumnInfo from, ColumnInfo to) {
    if (from.sameType(to)) {
      return true;
    }
    if (from.isInteger() && to.isInteger()) {
      return !from.dataType().equals("year") && !to.dataType().equals("year");
    }
    if (from.isDecimal() && to.isDecimal()) {
      return scale(to) >= scale(from);
    }
    if (from.isTemporal() && from.dataType().equals(to.dataType())) {
      return fraction(to) >= fraction(from);
    }
    if (from.dataType().equals("enum") && to.dataType().equals("enum")) {
      return from.charset().equals(to.charset()) && extendsList(from.columnType(), to.columnType());
    }
    return from.isText()
        && to.isText()
        && from.charset().equals(to.charset())
        && isLonger(from, to);
  }

  /** True when keys of one type have, converted, the order that they have now. */
  public static boolean keepsOrder(ColumnInfo from, ColumnInfo to) {
    if (from.isText() && !from.collation().equals(to.collation())) {
      return false;
    }
    return keepsValue(from, to);
  }

  private static int scale(ColumnInfo column) {
    Matcher matcher = SCALE.matcher(column.columnType());
    return matcher.matches() ? Integer.parseInt(matcher.group(2)) : 0;
  }

  private static int fraction(ColumnInfo column) {
    int open = column.columnType().indexOf('(');
    return open < 0 ? 0 : column.columnType().charAt(open + 1) - '0';
  }

  private static boolean extendsList(String from, String to) {
    String labels = from.substring(0, from.lastIndexOf(')'));
    return to.startsWith(labels + ",");
  }

  private static boolean isLonger(ColumnInfo from, ColumnInfo to) {
    if (LONG_TEXTS.contains(to.dataType()) && !from.dataType().equals("longtext")) {
      return true;
    }
    Matcher old = LENGTH.matcher(from.columnType());
    Matcher now = LENGTH.matcher(to.columnType());
    return old.matches()
        && now.matches()
        && Integer.parseInt(now.group(1)) >= Integer.parseInt(old.group(1));
  }
}
