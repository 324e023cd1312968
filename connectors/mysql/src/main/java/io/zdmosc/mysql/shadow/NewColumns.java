package io.zdmosc.mysql.shadow;

import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.mysql.alter.TableDdl;
import io.zdmosc.mysql.catalog.ColumnInfo;
import io.zdmosc.mysql.control.ControlSchema;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.Sql;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Values of columns that the clause adds.
 *
 * <p>As in the server's own ALTER TABLE, all existing rows get the default, evaluated once, also
 * where it is the present time; without a default, what the type has for nothing. The server tells:
 * the column is made alone in a temporary table, and a row is added to it. A default that is an
 * expression is evaluated for each row that is written.
 */
final class NewColumns {
  private static final Pattern NOW =
      Pattern.compile("current_timestamp(\\(\\d?\\))?|now\\(\\d?\\)", Pattern.CASE_INSENSITIVE);

  private final Session session;
  private final TableDdl ddl;
  private final String serverTimeZone;

  NewColumns(Session session, TableDdl ddl, String serverTimeZone) {
    this.session = session;
    this.ddl = ddl;
    this.serverTimeZone = serverTimeZone;
  }

  MappedColumn map(ColumnInfo column) throws SQLException {
    if (column.isGenerated() || column.isAutoIncrement() || isExpression(column)) {
      return new MappedColumn(column, null, null);
    }
    if (hasNoValue(column)) {
      throw RefusedException.of(
          "column " + column.name(),
          "is NOT NULL but has no default that existing rows could get",
          "Add it with a DEFAULT, or without NOT NULL.");
    }
    return new MappedColumn(column, null, isNull(column) ? "NULL" : value(column));
  }

  /** What a server gives existing rows all the same is no value of the type: 0000-00-00, ''. */
  private static boolean hasNoValue(ColumnInfo column) {
    boolean hasNothing =
        column.isTemporal() || column.isSpatial() || column.dataType().equals("vector");
    return hasNothing && column.notNull() && column.defaultText() == null;
  }

  /** Asked of no row: there are types that have no text. */
  private boolean isNull(ColumnInfo column) {
    String text = column.defaultText();
    return !column.notNull()
        && (text == null || session.server().mariaDb() && text.equalsIgnoreCase("NULL"));
  }

  private boolean isExpression(ColumnInfo column) {
    String text = column.defaultText();
    if (text == null || NOW.matcher(text).matches()) {
      return false;
    }
    return !column.hasConstantDefault(session.server().mariaDb());
  }

  private String value(ColumnInfo column) throws SQLException {
    String table = ControlSchema.sqlName("zdm_new_" + session.id());
    String mode = session.text("SELECT @@SESSION.sql_mode").orElse("");
    // a check may name other columns, and says nothing of the value
    String item = ddl.column(column.name()).orElseThrow().withoutCheck().sql();
    String number = column.name().equalsIgnoreCase("n") ? "m" : "n";
    // not strict: what a strict mode refuses is looked at below
    session.execute("SET SESSION sql_mode = 'ALLOW_INVALID_DATES'");
    try {
      // in UTC, as the definition was read: the server writes a TIMESTAMP's default in local time
      session.execute(
          "CREATE TEMPORARY TABLE " + table + " (" + number + " INT PRIMARY KEY, " + item + ")");
      session.execute("SET SESSION time_zone = " + Sql.literal(serverTimeZone));
      session.execute("INSERT INTO " + table + " (" + number + ") VALUES (1)");
      session.execute("SET SESSION time_zone = '+00:00'");
      return read(table, column);
    } finally {
      session.execute("DROP TEMPORARY TABLE IF EXISTS " + table);
      session.execute("SET SESSION sql_mode = " + Sql.literal(mode) + ", time_zone = '+00:00'");
    }
  }

  private String read(String table, ColumnInfo column) throws SQLException {
    Optional<String> value = session.text("SELECT " + text(column) + " FROM " + table);
    return value.isEmpty() ? "NULL" : literal(column, value.get());
  }

  private static String text(ColumnInfo column) {
    String name = Sql.name(column.name());
    if (column.isFloat()) {
      return "CAST(" + name + " + 0e0 AS CHAR)"; // every digit of what the type has rounded
    }
    return KeyColumn.isPossible(column)
        ? KeyColumn.selected(column, name)
        : "CAST(" + name + " AS CHAR)";
  }

  /** The conversion of another column may want sessions in the server's time zone. */
  private static String literal(ColumnInfo column, String value) {
    if (column.isFloat()) {
      return value;
    }
    if (column.isTimestamp() && !value.startsWith("0000")) {
      LocalDateTime time = LocalDateTime.parse(value.replace(' ', 'T'));
      String fraction = time.getNano() == 0 ? "" : String.format(".%06d", time.getNano() / 1_000);
      return "FROM_UNIXTIME(" + time.toEpochSecond(ZoneOffset.UTC) + fraction + ")";
    }
    return KeyColumn.isPossible(column) ? KeyColumn.literal(column, value) : Sql.literal(value);
  }
}
