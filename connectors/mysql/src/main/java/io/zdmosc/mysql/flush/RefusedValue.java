package io.zdmosc.mysql.flush;

import static io.zdmosc.mysql.sql.Sql.name;

import io.zdmosc.engine.spi.Key;
import io.zdmosc.mysql.catalog.ColumnInfo;
import io.zdmosc.mysql.shadow.MappedColumn;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.KeySql;
import io.zdmosc.mysql.sql.KeyTable;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The value that a refused row has in the column that the server names. The server itself tells it
 * only in some of its errors.
 */
final class RefusedValue {
  private static final int MOST_CHARACTERS = 100;

  /** "for column 'c' at row 1", "for column `d`.`t`.`c` at row 1", "Column 'c' cannot be null". */
  private static final Pattern COLUMN =
      Pattern.compile(
          "(?is).*\\bcolumn (?:`.*`\\.)?['`](.+?)['`](?: at row \\d+| cannot be null).*");

  private final Session session;
  private final Working working;
  private final KeyTable table;

  RefusedValue(Session session, Working working, KeyTable table) {
    this.session = session;
    this.working = working;
    this.table = table;
  }

  /** The shadow's column that an error is about; empty when it names none. */
  static Optional<String> column(String message) {
    Matcher matcher = COLUMN.matcher(message);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /**
   * The value behind an error, to be said after the server's words; empty when the error is not
   * about one column, or the column does not continue one of the source.
   *
   * @param key the refused row's
   */
  String of(Key key, SQLException error) throws SQLException {
    Optional<ColumnInfo> source =
        column(Failures.words(error))
            .flatMap(
                named ->
                    working.spec().written().stream()
                        .filter(c -> c.column().name().equalsIgnoreCase(named))
                        .findFirst())
            .map(MappedColumn::source);
    if (source.isEmpty()) {
      return "";
    }
    return " (" + source.get().name() + " is " + read(key, source.get()) + ")";
  }

  private String read(Key key, ColumnInfo column) throws SQLException {
    table.fill(List.of(key));
    String value = KeySql.SOURCE + "." + name(column.name());
    boolean bytes = column.charset() == null && (column.isBytes() || column.isSpatial());
    String text =
        bytes || column.isBit()
            ? "CONCAT('0x', HEX(" + value + "))"
            : "CAST(" + value + " AS CHAR CHARACTER SET utf8mb4)";
    List<Optional<String>> found =
        session.read(
            "SELECT LEFT("
                + text
                + ", "
                + (MOST_CHARACTERS + 1)
                + ") FROM "
                + table.keys()
                + " STRAIGHT_JOIN "
                + working.sourceAliased()
                + " ON "
                + table.onSource(),
            row -> Optional.ofNullable(row.getString(1)));
    return found.isEmpty()
        ? "gone meanwhile"
        : found.get(0).map(RefusedValue::shown).orElse("NULL");
  }

  private static String shown(String value) {
    return value.length() > MOST_CHARACTERS
        ? "'" + value.substring(0, MOST_CHARACTERS) + "...'"
        : "'" + value + "'";
  }
}
