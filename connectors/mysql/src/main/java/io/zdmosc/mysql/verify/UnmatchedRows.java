package io.zdmosc.mysql.verify;

import static io.zdmosc.mysql.sql.Sql.name;

import io.zdmosc.engine.spi.Difference;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyRange;
import io.zdmosc.mysql.shadow.KeyColumn;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.KeySql;
import io.zdmosc.mysql.sql.KeyTable;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of the shadow that no source row leads to, named by the shadow's own keys: there may be no
 * key of the source that would give theirs.
 *
 * <p>Where the change keeps the order of keys, the source's index finds their like. Where it does
 * not, all the source's keys are converted into a temporary table first.
 */
public final class UnmatchedRows {
  private static final String ALL_KEYS = "`zdm_osc`.`zdm_all_keys`";

  private final Session session;
  private final Working working;
  private final KeySql keys;
  private final KeyTable table;

  public UnmatchedRows(Session session, Working working, KeyTable table) {
    this.session = session;
    this.working = working;
    this.keys = working.keys();
    this.table = table;
  }

  /** Those in a range; only where the change keeps the order of keys. */
  List<Difference> in(KeyRange range, int limit) throws SQLException {
    return read(
        "FROM "
            + working.shadowSql()
            + " AS zdm_s LEFT JOIN "
            + working.sourceAliased()
            + " ON "
            + sourceIsLike()
            + " WHERE "
            + keys.shadowRange(range, KeySql.SHADOW)
            + " AND "
            + sourceIsMissing()
            + " LIMIT "
            + limit);
  }

  /** Those of the whole table. */
  List<Difference> all(int limit) throws SQLException {
    stageAllKeys();
    return read(
        "FROM "
            + working.shadowSql()
            + " AS zdm_s LEFT JOIN "
            + ALL_KEYS
            + " AS zdm_x ON "
            + stagedIsLike()
            + " WHERE zdm_x.k1 IS NULL LIMIT "
            + limit);
  }

  /** Those among the given ones. */
  List<Difference> among(List<Key> shadowKeys) throws SQLException {
    return shadowKeys.isEmpty() ? List.of() : read(among(shadowKeys, ""));
  }

  /** Removes those among the given ones, in the caller's transaction. */
  public void remove(List<Key> shadowKeys) throws SQLException {
    if (!shadowKeys.isEmpty()) {
      session.execute("DELETE zdm_s " + among(shadowKeys, ""));
    }
  }

  private String among(List<Key> shadowKeys, String end) throws SQLException {
    boolean ordered = working.identity().isOrdered();
    if (!ordered) {
      stageAllKeys();
    }
    table.fillWithShadowKeys(shadowKeys);
    String from =
        "FROM "
            + table.ownShadowKeys()
            + " STRAIGHT_JOIN "
            + working.shadowSql()
            + " AS zdm_s ON "
            + table.onShadow(KeyTable.KEYS);
    return ordered
        ? from
            + " LEFT JOIN "
            + working.sourceAliased()
            + " ON "
            + sourceIsLike()
            + " WHERE "
            + sourceIsMissing()
            + end
        : from
            + " LEFT JOIN "
            + ALL_KEYS
            + " AS zdm_x ON "
            + stagedIsLike()
            + " WHERE zdm_x.k1 IS NULL"
            + end;
  }

  private List<Difference> read(String from) throws SQLException {
    return session.read(
        "SELECT " + keys.shadowTexts(KeySql.SHADOW) + " " + from,
        row -> new Difference(keys.read(row), Difference.Kind.EXTRA, ""));
  }

  private String sourceIsLike() {
    List<String> terms = new ArrayList<>();
    for (KeyColumn column : working.identity().columns()) {
      terms.add(
          "zdm_a." + name(column.source().name()) + " = zdm_s." + name(column.shadow().name()));
    }
    return String.join(" AND ", terms);
  }

  private String sourceIsMissing() {
    return "zdm_a." + name(working.identity().sourceColumns().get(0)) + " IS NULL";
  }

  private String stagedIsLike() {
    List<String> terms = new ArrayList<>();
    for (int i = 0; i < working.identity().columns().size(); i++) {
      terms.add(
          "zdm_x."
              + KeyTable.column(i)
              + " = zdm_s."
              + name(working.identity().columns().get(i).shadow().name()));
    }
    return String.join(" AND ", terms);
  }

  private void stageAllKeys() throws SQLException {
    List<String> columns = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (int i = 0; i < working.identity().columns().size(); i++) {
      KeyColumn column = working.identity().columns().get(i);
      names.add(KeyTable.column(i));
      columns.add(KeyTable.column(i) + " " + column.shadow().definition() + " NOT NULL");
      values.add("zdm_a." + name(column.source().name()));
    }
    String list = String.join(", ", names);
    session.execute("DROP TEMPORARY TABLE IF EXISTS " + ALL_KEYS);
    session.execute(
        "CREATE TEMPORARY TABLE "
            + ALL_KEYS
            + " (n BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, "
            + String.join(", ", columns)
            + ", KEY ("
            + list
            + ")) ENGINE = InnoDB");
    session.execute(
        "INSERT INTO "
            + ALL_KEYS
            + " ("
            + list
            + ") SELECT "
            + String.join(", ", values)
            + " FROM "
            + working.sourceAliased());
  }
}
