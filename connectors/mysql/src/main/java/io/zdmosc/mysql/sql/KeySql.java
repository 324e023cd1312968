package io.zdmosc.mysql.sql;

import static io.zdmosc.mysql.sql.Sql.name;

import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyRange;
import io.zdmosc.mysql.shadow.KeyColumn;
import io.zdmosc.mysql.shadow.RowIdentity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Writes conditions on keys. Keys are literals of their columns' types, compared by the server with
 * the columns, so that order and equality are always the server's own. Row comparisons are written
 * out: the optimizer finds no range in {@code (a, b) > (x, y)}.
 */
public final class KeySql {
  /** The source's name in every query. */
  public static final String SOURCE = "zdm_a";

  /** The shadow's name in every query. */
  public static final String SHADOW = "zdm_s";

  private final RowIdentity identity;

  public KeySql(RowIdentity identity) {
    this.identity = identity;
  }

  public RowIdentity identity() {
    return identity;
  }

  /** The source's key columns as text, for a select list. */
  public String sourceTexts(String alias) {
    return list(c -> KeyColumn.selected(c.source(), alias + "." + name(c.source().name())));
  }

  /** The shadow's key columns as text, for a select list. */
  public String shadowTexts(String alias) {
    return list(c -> KeyColumn.selected(c.shadow(), alias + "." + name(c.shadow().name())));
  }

  /** The key in the first columns of a row. */
  public Key read(ResultSet row) throws SQLException {
    String[] columns = new String[identity.columns().size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = row.getString(i + 1);
    }
    return Key.of(columns);
  }

  public String orderBy(String alias) {
    return list(c -> alias + "." + name(c.source().name()) + (c.descending() ? " DESC" : ""));
  }

  /** {@code lower < key <= upper} on the source. */
  public String sourceRange(KeyRange range, String alias) {
    return range(range, c -> alias + "." + name(c.source().name()));
  }

  /** The same range on the shadow, where the change keeps the order of keys. */
  public String shadowRange(KeyRange range, String alias) {
    if (!identity.isOrdered()) {
      throw new IllegalStateException("the shadow's keys are in another order");
    }
    return range(range, c -> alias + "." + name(c.shadow().name()));
  }

  /** The same range on the columns of {@link KeyTable}. */
  public String keyTableRange(KeyRange range, String alias) {
    return range(range, c -> alias + "." + KeyTable.column(identity.columns().indexOf(c)));
  }

  private String range(KeyRange range, Function<KeyColumn, String> column) {
    List<String> parts = new ArrayList<>();
    range.lowerBound().ifPresent(key -> parts.add(bound(key, true, column)));
    range.upperBound().ifPresent(key -> parts.add(bound(key, false, column)));
    return parts.isEmpty() ? "TRUE" : String.join(" AND ", parts);
  }

  private String bound(Key key, boolean lower, Function<KeyColumn, String> column) {
    List<KeyColumn> columns = identity.columns();
    List<String> alternatives = new ArrayList<>();
    for (int last = 0; last < columns.size(); last++) {
      List<String> terms = new ArrayList<>();
      for (int i = 0; i <= last; i++) {
        KeyColumn c = columns.get(i);
        String operator = i < last ? "=" : lower == c.descending() ? "<" : ">";
        if (i == last && !lower && last == columns.size() - 1) {
          operator += "=";
        }
        terms.add(column.apply(c) + " " + operator + " " + literal(c, key, i));
      }
      alternatives.add(String.join(" AND ", terms));
    }
    return alternatives.size() == 1
        ? alternatives.get(0)
        : "(" + outer(key, lower, column) + " AND ((" + String.join(") OR (", alternatives) + ")))";
  }

  /** What follows for the first column alone: the optimizer makes the range of it. */
  private String outer(Key key, boolean lower, Function<KeyColumn, String> column) {
    KeyColumn first = identity.columns().get(0);
    String operator = lower == first.descending() ? "<=" : ">=";
    return column.apply(first) + " " + operator + " " + literal(first, key, 0);
  }

  private static String literal(KeyColumn column, Key key, int index) {
    return KeyColumn.literal(column.source(), key.column(index));
  }

  private String list(Function<KeyColumn, String> part) {
    return identity.columns().stream().map(part).collect(Collectors.joining(", "));
  }
}
