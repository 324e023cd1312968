package io.zdmosc.mysql.verify;

import static io.zdmosc.mysql.sql.Sql.name;

import io.zdmosc.engine.spi.KeyRange;
import io.zdmosc.mysql.catalog.ColumnInfo;
import io.zdmosc.mysql.shadow.Conversion;
import io.zdmosc.mysql.shadow.KeyColumn;
import io.zdmosc.mysql.shadow.MappedColumn;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.KeySql;
import io.zdmosc.mysql.sql.KeyTable;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * The rows that the shadow should have: the source's, as they are where the change keeps values;
 * else converted into a temporary table.
 */
final class ExpectedRows {
  private static final String STAGED = "`zdm_osc`.`zdm_expected`";

  private final Session session;
  private final Working working;
  private final KeySql keys;
  private final List<MappedColumn> compared;
  private final boolean staged;

  ExpectedRows(Session session, Working working) throws SQLException {
    this.session = session;
    this.working = working;
    this.keys = working.keys();
    this.compared = working.spec().written();
    this.staged =
        compared.stream()
                .anyMatch(
                    c ->
                        working.back() && c.literal() != null
                            || c.source() != null && !Conversion.keepsValue(c.source(), c.column()))
            || working.identity().columns().stream().anyMatch(c -> !comparesDirectly(c));
    if (staged) {
      create();
    }
  }

  /** Numbers meet in an index whatever their width; everything else must be of one type. */
  private static boolean comparesDirectly(KeyColumn column) {
    return column.sameType() || column.source().isInteger() && column.shadow().isInteger();
  }

  /** With its number and its key beside it, a row of the shadow may be wider than a row can be. */
  private void create() throws SQLException {
    try {
      create(MappedColumn::nullable);
    } catch (SQLException e) {
      if (!Failures.isTooWide(e)) {
        throw e;
      }
      create(this::nullableOutside);
    }
  }

  /** What is neither converted nor of the key may be of a type that stands outside of the row. */
  private String nullableOutside(MappedColumn column, String name) {
    ColumnInfo type = column.column();
    boolean movable =
        column.literal() == null
            && Conversion.keepsValue(column.source(), type)
            && !working.identity().shadowColumns().contains(type.name());
    if (movable && type.dataType().equals("varchar") && type.isText()) {
      return name
          + " LONGTEXT CHARACTER SET "
          + type.charset()
          + " COLLATE "
          + type.collation()
          + " NULL DEFAULT NULL";
    }
    return movable && type.dataType().equals("varbinary")
        ? name + " LONGBLOB NULL DEFAULT NULL"
        : column.nullable(name);
  }

  private void create(BiFunction<MappedColumn, String, String> definition) throws SQLException {
    List<String> columns = new ArrayList<>();
    List<String> key = new ArrayList<>();
    columns.add("zdm_n BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY");
    for (int i = 0; i < keys.identity().columns().size(); i++) {
      ColumnInfo column = keys.identity().columns().get(i).source();
      columns.add(KeyTable.column(i) + " " + column.definition() + " NOT NULL");
      key.add(KeyTable.column(i));
    }
    columns.add("KEY (" + String.join(", ", key) + ")");
    for (int i = 0; i < compared.size(); i++) {
      columns.add(definition.apply(compared.get(i), "c" + i));
    }
    session.execute("DROP TEMPORARY TABLE IF EXISTS " + STAGED);
    session.execute(
        "CREATE TEMPORARY TABLE "
            + STAGED
            + " ("
            + String.join(", ", columns)
            + ") ENGINE = InnoDB");
  }

  List<MappedColumn> compared() {
    return compared;
  }

  /** For a FROM clause. */
  String from() {
    return staged ? STAGED + " AS " + KeySql.SOURCE : working.sourceByIndex();
  }

  /** For the right side of a join by key. */
  String joined() {
    return staged ? STAGED + " AS " + KeySql.SOURCE : working.sourceAliased();
  }

  String value(MappedColumn column) {
    return staged
        ? KeySql.SOURCE + ".c" + compared.indexOf(column)
        : column.expression(KeySql.SOURCE);
  }

  /** A column of the source's key. */
  String key(int index) {
    return KeySql.SOURCE
        + "."
        + (staged
            ? KeyTable.column(index)
            : name(keys.identity().columns().get(index).source().name()));
  }

  /** The source's key as text, for a select list. */
  String keyTexts() {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < keys.identity().columns().size(); i++) {
      texts.add(KeyColumn.selected(keys.identity().columns().get(i).source(), key(i)));
    }
    return String.join(", ", texts);
  }

  /** The rows and the shadow's are of one key. */
  String onShadow() {
    return keys.identity().columns().stream()
        .map(
            key ->
                KeySql.SHADOW
                    + "."
                    + name(key.shadow().name())
                    + " = "
                    + value(
                        compared.stream()
                            .filter(c -> c.column().name().equals(key.shadow().name()))
                            .findFirst()
                            .orElseThrow()))
        .collect(Collectors.joining(" AND "));
  }

  /** Makes the rows of a range ready; the condition that finds them. */
  String range(KeyRange range) throws SQLException {
    String condition = keys.sourceRange(range, KeySql.SOURCE);
    if (!staged) {
      return condition;
    }
    stage(working.sourceByIndex() + " WHERE " + condition);
    return "TRUE";
  }

  /** Makes the rows of the keys in the table ready. */
  void keys(KeyTable table) throws SQLException {
    if (staged) {
      stage(
          table.distinctKeys()
              + " STRAIGHT_JOIN "
              + working.sourceAliased()
              + " ON "
              + table.onSource());
    }
  }

  private void stage(String from) throws SQLException {
    List<String> columns = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (int i = 0; i < keys.identity().columns().size(); i++) {
      columns.add(KeyTable.column(i));
      values.add(KeySql.SOURCE + "." + name(keys.identity().columns().get(i).source().name()));
    }
    for (int i = 0; i < compared.size(); i++) {
      columns.add("c" + i);
      values.add(compared.get(i).expression(KeySql.SOURCE));
    }
    session.execute("DELETE FROM " + STAGED);
    session.execute(
        "INSERT INTO "
            + STAGED
            + " ("
            + String.join(", ", columns)
            + ") SELECT "
            + String.join(", ", values)
            + " FROM "
            + from);
  }

  /** The rows belong to the keys in the table. */
  String onKeys() {
    List<String> terms = new ArrayList<>();
    for (int i = 0; i < keys.identity().columns().size(); i++) {
      terms.add(key(i) + " = " + KeyTable.KEYS + "." + KeyTable.column(i));
    }
    return String.join(" AND ", terms);
  }
}
