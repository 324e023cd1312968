package io.zdmosc.mysql.sql;

import static io.zdmosc.mysql.sql.Sql.name;

import io.zdmosc.engine.spi.Key;
import io.zdmosc.mysql.catalog.ColumnInfo;
import io.zdmosc.mysql.shadow.KeyColumn;
import io.zdmosc.mysql.shadow.RowIdentity;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Sets of keys, as temporary tables of one session: one with the types of the source's key columns,
 * and, where the change converts keys, another with those of the shadow. The server converts by
 * assignment, as it does when it writes the shadow; so a key finds its row there, be the row in the
 * source or not.
 *
 * <p>A temporary table can be named only once in a query.
 */
public final class KeyTable {
  /** The keys' name in every query. */
  public static final String KEYS = "zdm_k";

  private static final String SOURCE_TYPED = "`zdm_osc`.`zdm_key`";
  private static final String SHADOW_TYPED = "`zdm_osc`.`zdm_shadow_key`";
  private static final int ROWS_PER_STATEMENT = 1_000;

  /** A character has up to four bytes, and one row more than fits is noticed only behind it. */
  private static final int SHARE_OF_PACKET = 8;

  private static final long MOST_CHARACTERS = 1 << 20;

  private final Session session;
  private final RowIdentity identity;
  private final long mostCharacters;

  /** Makes the tables; the session is not in a transaction. */
  public KeyTable(Session session, RowIdentity identity) throws SQLException {
    this.session = session;
    this.identity = identity;
    long packet = Long.parseLong(session.variable("max_allowed_packet").orElseThrow());
    this.mostCharacters = Math.min(MOST_CHARACTERS, packet / SHARE_OF_PACKET);
    create(SOURCE_TYPED, KeyColumn::source);
    create(SHADOW_TYPED, KeyColumn::shadow);
  }

  private void create(String table, Function<KeyColumn, ColumnInfo> side) throws SQLException {
    List<String> columns = new ArrayList<>();
    columns.add("n INT UNSIGNED NOT NULL PRIMARY KEY");
    for (int i = 0; i < identity.columns().size(); i++) {
      ColumnInfo column = side.apply(identity.columns().get(i));
      columns.add(column(i) + " " + column.definition() + " NOT NULL");
    }
    session.execute("DROP TEMPORARY TABLE IF EXISTS " + table);
    session.execute(
        "CREATE TEMPORARY TABLE "
            + table
            + " ("
            + String.join(", ", columns)
            + ") ENGINE = InnoDB");
  }

  /** The name of the key column with this index, in both tables. */
  public static String column(int index) {
    return "k" + (index + 1);
  }

  /** Replaces the set by these keys of the source, numbered from 1 in the order given. */
  public void fill(List<Key> keys) throws SQLException {
    insert(SOURCE_TYPED, keys, KeyColumn::source);
    if (!identity.isSame()) {
      session.execute("DELETE FROM " + SHADOW_TYPED);
      session.execute(
          "INSERT INTO "
              + SHADOW_TYPED
              + " SELECT n, "
              + columns("zdm_k")
              + " FROM "
              + SOURCE_TYPED
              + " AS zdm_k");
    }
  }

  /** Replaces the set by these keys of the shadow. */
  public void fillWithShadowKeys(List<Key> keys) throws SQLException {
    insert(SHADOW_TYPED, keys, KeyColumn::shadow);
  }

  private void insert(String table, List<Key> keys, Function<KeyColumn, ColumnInfo> side)
      throws SQLException {
    session.execute("DELETE FROM " + table);
    for (int from = 0; from < keys.size(); ) {
      StringBuilder sql = new StringBuilder("INSERT INTO ").append(table).append(" VALUES ");
      int n = from;
      while (n < keys.size() && n - from < ROWS_PER_STATEMENT && sql.length() < mostCharacters) {
        append(sql.append(n == from ? "" : ","), n + 1, keys.get(n), side);
        n++;
      }
      session.execute(sql.toString());
      from = n;
    }
  }

  private void append(
      StringBuilder sql, int number, Key key, Function<KeyColumn, ColumnInfo> side) {
    sql.append('(').append(number);
    for (int i = 0; i < identity.columns().size(); i++) {
      ColumnInfo column = side.apply(identity.columns().get(i));
      sql.append(',').append(KeyColumn.literal(column, key.column(i)));
    }
    sql.append(')');
  }

  /** The keys, for a FROM clause. */
  public String keys() {
    return SOURCE_TYPED + " AS " + KEYS;
  }

  /** The keys without those that are equal for the server, for a FROM clause. */
  public String distinctKeys() {
    return distinctKeys(1, Integer.MAX_VALUE);
  }

  /** As {@link #distinctKeys()}, of the keys with these numbers alone. */
  public String distinctKeys(int first, int last) {
    return "(SELECT DISTINCT "
        + columns("zdm_d")
        + " FROM "
        + SOURCE_TYPED
        + " AS zdm_d WHERE zdm_d.n BETWEEN "
        + first
        + " AND "
        + last
        + ") AS "
        + KEYS;
  }

  /** The keys with their numbers, the first one of those that are equal, for a FROM clause. */
  public String firstOfEqualKeys() {
    return "(SELECT MIN(zdm_d.n) AS n, "
        + columns("zdm_d")
        + " FROM "
        + SOURCE_TYPED
        + " AS zdm_d GROUP BY "
        + columns("zdm_d")
        + ") AS "
        + KEYS;
  }

  /** The keys as the shadow has them, for a FROM clause; may be the same table as the keys. */
  public String shadowKeys() {
    return (identity.isSame() ? SOURCE_TYPED : SHADOW_TYPED) + " AS " + KEYS;
  }

  /** Keys that were given as the shadow's, for a FROM clause. */
  public String ownShadowKeys() {
    return SHADOW_TYPED + " AS " + KEYS;
  }

  /**
   * From the keys on to the shadow: the join of the second table where there is one, and the
   * shadow's.
   */
  public String joinShadow(String kind, String shadowTable) {
    String alias = identity.isSame() ? KEYS : "zdm_e";
    String second =
        identity.isSame() ? "" : " JOIN " + SHADOW_TYPED + " AS zdm_e ON zdm_e.n = zdm_k.n";
    return second + kind + shadowTable + " AS " + KeySql.SHADOW + " ON " + onShadow(alias);
  }

  /** The source's key columns equal the keys. */
  public String onSource() {
    return on(KeySql.SOURCE, KeyColumn::source, KEYS);
  }

  /** The shadow's key columns equal the keys under this alias. */
  public String onShadow(String keysAlias) {
    return on(KeySql.SHADOW, KeyColumn::shadow, keysAlias);
  }

  private String on(String table, Function<KeyColumn, ColumnInfo> side, String keysAlias) {
    List<String> terms = new ArrayList<>();
    for (int i = 0; i < identity.columns().size(); i++) {
      String name = name(side.apply(identity.columns().get(i)).name());
      terms.add(table + "." + name + " = " + keysAlias + "." + column(i));
    }
    return String.join(" AND ", terms);
  }

  private String columns(String alias) {
    return IntStream.range(0, identity.columns().size())
        .mapToObj(i -> alias + "." + column(i))
        .collect(Collectors.joining(", "));
  }
}
