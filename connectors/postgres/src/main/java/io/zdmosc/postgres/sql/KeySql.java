package io.zdmosc.postgres.sql;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyRange;
import io.zdmosc.postgres.shadow.KeyColumn;
import io.zdmosc.postgres.shadow.RowIdentity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Writes conditions on keys. Keys travel as text and are cast on the server, so that their order
 * and equality are always the server's own.
 */
public final class KeySql {
  private final RowIdentity identity;
  private final String alias;

  /**
   * @param alias the source table's name, under which it appears in every query, because the user's
   *     expressions may refer to it
   */
  public KeySql(RowIdentity identity, String alias) {
    this.identity = identity;
    this.alias = alias;
  }

  /** A condition and the parameters that it takes, in order. */
  public record Condition(String sql, List<String> parameters) {
    public Object[] with(Object... more) {
      List<Object> all = new ArrayList<>(parameters);
      all.addAll(List.of(more));
      return all.toArray();
    }
  }

  /**
   * The key columns as text, for a select list over the source. As the types' output functions
   * write it, which is what the change stream delivers; a cast to text differs for some types.
   */
  public String sourceTexts() {
    return list(c -> "format('%s', " + sourceColumn(c) + ")");
  }

  /** The key columns, for a select list over the source. */
  public String sourceColumns() {
    return list(this::sourceColumn);
  }

  /** The shadow's key columns as text. */
  public String shadowTexts(String shadowAlias) {
    return list(c -> "format('%s', " + shadowAlias + "." + name(c.shadow()) + ")");
  }

  /** The shadow's key columns. */
  public String shadowColumns(String shadowAlias) {
    return list(c -> shadowAlias + "." + name(c.shadow()));
  }

  /** The same, as values of source rows. */
  public String shadowValues() {
    return list(KeyColumn::expression);
  }

  /** The key in the first columns of a row. */
  public Key read(ResultSet row) throws SQLException {
    String[] columns = new String[identity.columns().size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = row.getString(i + 1);
    }
    return Key.of(columns);
  }

  public String orderBy() {
    return list(c -> sourceColumn(c) + (c.descending() ? " DESC" : ""));
  }

  /** {@code lower < key <= upper} on the source. */
  public Condition sourceRange(KeyRange range) {
    return range(range, this::sourceColumn, c -> "?::" + c.type());
  }

  /**
   * The same range on the shadow.
   *
   * @param shadowAlias the alias of the shadow table
   */
  public Condition shadowRange(KeyRange range, String shadowAlias) {
    if (!identity.isOrdered()) {
      throw new IllegalStateException("the shadow's keys are in another order");
    }
    return range(
        range,
        c -> shadowAlias + "." + name(c.shadow()),
        c -> "(?::" + c.type() + ")::" + c.shadowType());
  }

  private Condition range(
      KeyRange range, Function<KeyColumn, String> column, Function<KeyColumn, String> value) {
    List<String> parts = new ArrayList<>();
    List<String> parameters = new ArrayList<>();
    range.lowerBound().ifPresent(key -> parts.add(bound(key, true, column, value, parameters)));
    range.upperBound().ifPresent(key -> parts.add(bound(key, false, column, value, parameters)));
    return new Condition(parts.isEmpty() ? "true" : String.join(" AND ", parts), parameters);
  }

  private String bound(
      Key key,
      boolean lower,
      Function<KeyColumn, String> column,
      Function<KeyColumn, String> value,
      List<String> parameters) {
    boolean firstDescends = identity.columns().get(0).descending();
    boolean uniform = identity.columns().stream().allMatch(c -> c.descending() == firstDescends);
    if (!uniform) {
      return mixedBound(key, lower, column, value, parameters);
    }
    parameters.addAll(key.columns());
    String operator = lower == firstDescends ? "<" : ">";
    return "(" + list(column) + ") " + operator + (lower ? "" : "=") + " (" + list(value) + ")";
  }

  /** Row comparison knows one direction only; with several it is written out. */
  private String mixedBound(
      Key key,
      boolean lower,
      Function<KeyColumn, String> column,
      Function<KeyColumn, String> value,
      List<String> parameters) {
    List<String> alternatives = new ArrayList<>();
    List<KeyColumn> columns = identity.columns();
    for (int last = 0; last < columns.size(); last++) {
      List<String> terms = new ArrayList<>();
      for (int i = 0; i <= last; i++) {
        KeyColumn c = columns.get(i);
        String operator = i < last ? "=" : lower == c.descending() ? "<" : ">";
        if (i == last && !lower && last == columns.size() - 1) {
          operator += "=";
        }
        terms.add(column.apply(c) + " " + operator + " " + value.apply(c));
        parameters.add(key.column(i));
      }
      alternatives.add("(" + String.join(" AND ", terms) + ")");
    }
    return "(" + String.join(" OR ", alternatives) + ")";
  }

  /** Source rows with one of the given keys; takes the parameters of {@link #arrays}. */
  public String sourceIn() {
    if (identity.columns().size() == 1) {
      KeyColumn c = identity.columns().get(0);
      return sourceColumn(c) + " = ANY (?::" + c.type() + "[])";
    }
    return "(" + list(this::sourceColumn) + ") IN (SELECT * FROM " + keyRows() + ")";
  }

  /** Shadow rows of the given keys; takes the parameters of {@link #arrays}. */
  public String shadowIn(String shadowAlias) {
    String values = list(KeyColumn::expression);
    return shadowMatches(shadowAlias, "SELECT " + values + " FROM " + keyRows());
  }

  /** Shadow rows with one of the given keys of the shadow's own. */
  public String shadowHas(String shadowAlias) {
    return has(c -> shadowAlias + "." + name(c.shadow()));
  }

  /** Source rows whose key equals one of the given keys of the shadow; where both are ordered. */
  public String sourceHas() {
    return has(this::sourceColumn);
  }

  private String has(Function<KeyColumn, String> column) {
    if (identity.columns().size() == 1) {
      KeyColumn c = identity.columns().get(0);
      return column.apply(c) + " = ANY (?::" + c.shadowType() + "[])";
    }
    String rows = "unnest(" + list(c -> "?::" + c.shadowType() + "[]") + ")";
    return "(" + list(column) + ") IN (SELECT * FROM " + rows + ")";
  }

  /** Shadow rows of all source rows that meet a condition. */
  public String shadowOf(String shadowAlias, String sourceTable, String condition) {
    String values = list(KeyColumn::expression);
    return shadowMatches(
        shadowAlias,
        "SELECT " + values + " FROM " + sourceTable + " AS " + name(alias) + " WHERE " + condition);
  }

  private String shadowMatches(String shadowAlias, String select) {
    if (identity.columns().size() == 1) {
      KeyColumn c = identity.columns().get(0);
      return shadowAlias + "." + name(c.shadow()) + " = ANY (ARRAY(" + select + "))";
    }
    return "(" + list(c -> shadowAlias + "." + name(c.shadow())) + ") IN (" + select + ")";
  }

  /** The given keys as rows under the source's name; takes the parameters of {@link #arrays}. */
  public String keyRows() {
    return "unnest("
        + list(c -> "?::" + c.type() + "[]")
        + ") AS "
        + name(alias)
        + "("
        + Sql.names(identity.sourceColumns())
        + ")";
  }

  /**
   * As {@link #keyRows}, numbered in the order given by a column {@code zdm_n}, and with the
   * collation of the source's columns, so that the keys compare as they do there.
   */
  public String numberedKeyRows() {
    String columns =
        list(c -> "zdm_k." + name(c.source()) + c.collate() + " AS " + name(c.source()));
    return "(SELECT "
        + columns
        + ", zdm_n FROM unnest("
        + list(c -> "?::" + c.type() + "[]")
        + ") WITH ORDINALITY AS zdm_k("
        + Sql.names(identity.sourceColumns())
        + ", zdm_n)) AS "
        + name(alias);
  }

  /** The parameters for a set of keys: one array per key column. */
  public List<String> arrays(List<Key> keys) {
    List<String> arrays = new ArrayList<>();
    for (int column = 0; column < identity.columns().size(); column++) {
      int index = column;
      arrays.add(Sql.array(keys.stream().map(key -> key.column(index)).toList()));
    }
    return arrays;
  }

  /** The shadow's key in terms of the key rows, as columns {@code zdm_e1}, {@code zdm_e2}, ... */
  public String expressions() {
    List<String> columns = new ArrayList<>();
    for (KeyColumn column : identity.columns()) {
      columns.add(column.expression() + " AS zdm_e" + (columns.size() + 1));
    }
    return String.join(", ", columns);
  }

  /** The shadow's key equals what {@link #expressions} gave. */
  public String shadowEquals(String shadowAlias, String rowsAlias) {
    List<String> terms = new ArrayList<>();
    for (KeyColumn column : identity.columns()) {
      terms.add(
          shadowAlias
              + "."
              + name(column.shadow())
              + " = "
              + rowsAlias
              + ".zdm_e"
              + (terms.size() + 1));
    }
    return String.join(" AND ", terms);
  }

  /** The source's key equals the key rows' under another alias. */
  public String sourceEquals(String rowsAlias) {
    return identity.columns().stream()
        .map(c -> sourceColumn(c) + " = " + rowsAlias + "." + name(c.source()))
        .collect(Collectors.joining(" AND "));
  }

  /** A column of the shadow that is never NULL in a row that exists. */
  public String firstShadowColumn(String shadowAlias) {
    return shadowAlias + "." + name(identity.columns().get(0).shadow());
  }

  public RowIdentity identity() {
    return identity;
  }

  public String alias() {
    return name(alias);
  }

  private String sourceColumn(KeyColumn column) {
    return name(alias) + "." + name(column.source());
  }

  private String list(Function<KeyColumn, String> part) {
    return identity.columns().stream().map(part).collect(Collectors.joining(", "));
  }
}
