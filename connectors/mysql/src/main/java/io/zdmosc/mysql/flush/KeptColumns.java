package io.zdmosc.mysql.flush;

import static io.zdmosc.mysql.sql.Sql.name;

import io.zdmosc.mysql.catalog.ColumnInfo;
import io.zdmosc.mysql.shadow.KeyColumn;
import io.zdmosc.mysql.shadow.MappedColumn;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.KeySql;
import io.zdmosc.mysql.sql.KeyTable;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Replaces rows of the retired table that have columns which the new table has not. They keep the
 * values of the row that is replaced, which a temporary table holds meanwhile; a row that was not
 * there gets their defaults.
 */
final class KeptColumns {
  private static final String TABLE = "`zdm_osc`.`zdm_kept`";
  private static final String ALIAS = "zdm_p";

  private final Session session;
  private final Working working;
  private final KeyTable table;
  private final List<ColumnInfo> kept;

  KeptColumns(Session session, Working working, KeyTable table) throws SQLException {
    this.session = session;
    this.working = working;
    this.table = table;
    this.kept = working.spec().kept().stream().map(MappedColumn::column).toList();
    create();
  }

  private void create() throws SQLException {
    List<String> columns = new ArrayList<>();
    List<String> key = new ArrayList<>();
    for (int i = 0; i < keys().size(); i++) {
      columns.add(KeyTable.column(i) + " " + keys().get(i).shadow().definition() + " NOT NULL");
      key.add(KeyTable.column(i));
    }
    for (int i = 0; i < kept.size(); i++) {
      columns.add("c" + i + " " + kept.get(i).definition() + " NULL DEFAULT NULL");
    }
    columns.add("KEY (" + String.join(", ", key) + ")");
    session.execute("DROP TEMPORARY TABLE IF EXISTS " + TABLE);
    session.execute(
        "CREATE TEMPORARY TABLE "
            + TABLE
            + " ("
            + String.join(", ", columns)
            + ") ENGINE = InnoDB");
  }

  private List<KeyColumn> keys() {
    return working.identity().columns();
  }

  /**
   * Replaces the rows of the keys in the table; how many are there afterwards.
   *
   * @param delete removes the rows of these keys
   */
  long replace(String delete) throws SQLException {
    session.execute("DELETE FROM " + TABLE);
    session.execute("INSERT INTO " + TABLE + " " + present());
    session.execute(delete);
    long rows = session.execute(insert(true));
    return rows + session.execute(insert(false));
  }

  private String present() {
    List<String> values = new ArrayList<>();
    keys().forEach(key -> values.add(KeySql.SHADOW + "." + name(key.shadow().name())));
    kept.forEach(column -> values.add(KeySql.SHADOW + "." + name(column.name())));
    return "SELECT "
        + String.join(", ", values)
        + " FROM "
        + table.shadowKeys()
        + " STRAIGHT_JOIN "
        + working.shadowSql()
        + " AS "
        + KeySql.SHADOW
        + " ON "
        + table.onShadow(KeyTable.KEYS);
  }

  /** Rows that were there, with what they had; or those that were not. */
  private String insert(boolean there) {
    String into =
        there
            ? working.insertSelect(
                kept.stream().map(ColumnInfo::name).toList(),
                IntStream.range(0, kept.size())
                    .mapToObj(i -> ", " + ALIAS + ".c" + i)
                    .collect(Collectors.joining()))
            : working.insertSelect();
    return into
        + table.distinctKeys()
        + " STRAIGHT_JOIN "
        + working.sourceAliased()
        + " ON "
        + table.onSource()
        + (there ? " STRAIGHT_JOIN " : " LEFT JOIN ")
        + TABLE
        + " AS "
        + ALIAS
        + " ON "
        + IntStream.range(0, keys().size())
            .mapToObj(
                i ->
                    ALIAS
                        + "."
                        + KeyTable.column(i)
                        + " = "
                        + KeySql.SOURCE
                        + "."
                        + name(keys().get(i).source().name()))
            .collect(Collectors.joining(" AND "))
        + (there ? "" : " WHERE " + ALIAS + "." + KeyTable.column(0) + " IS NULL");
  }
}
