package io.zdmosc.mysql.flush;

import static io.zdmosc.mysql.sql.Sql.name;

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
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Brings shadow rows to the source's state where they stand: what has gone is deleted, what differs
 * is updated, what is missing is inserted. Unlike a row that is deleted and inserted, one that is
 * updated touches only the indexes over columns that changed.
 *
 * <p>The source's rows are read into a temporary table first, by one INSERT ... SELECT: an UPDATE
 * or DELETE that names the source would lock the application's rows. Values never leave the server.
 *
 * <p>Not for rows with JSON: an UPDATE by MySQL leaves a document that is equal as it is, {@code
 * 2.0} in place of {@code 2}.
 *
 * <p>Only for keys of which no two can become one in the shadow. For others a row would be updated
 * twice, and nobody would notice.
 */
final class StagedRows {
  private static final String STAGED = "`zdm_osc`.`zdm_row`";
  private static final String ROW = "zdm_r";

  private final Session session;
  private final List<MappedColumn> written;
  private final List<KeyColumn> key;
  private final String stage;
  private final String delete;
  private final Optional<String> update;
  private final String insert;

  private StagedRows(Session session, Working working, KeyTable table) {
    this.session = session;
    this.written = working.spec().written();
    this.key = working.identity().columns();
    this.stage =
        "INSERT INTO "
            + STAGED
            + " SELECT "
            + KeyTable.KEYS
            + ".n, "
            + written.stream()
                .map(c -> c.expression(KeySql.SOURCE))
                .collect(Collectors.joining(", "))
            + " FROM "
            + table.firstOfEqualKeys()
            + " STRAIGHT_JOIN "
            + working.sourceAliased()
            + " ON "
            + table.onSource();
    this.delete =
        "DELETE zdm_s FROM "
            + table.shadowKeys()
            + " STRAIGHT_JOIN "
            + working.shadowSql()
            + " AS zdm_s ON "
            + table.onShadow(KeyTable.KEYS)
            + " LEFT JOIN "
            + STAGED
            + " AS zdm_r ON zdm_r.n = "
            + KeyTable.KEYS
            + ".n WHERE zdm_r.n IS NULL";
    this.update = update(working);
    this.insert =
        "INSERT INTO "
            + working.shadowSql()
            + " ("
            + written.stream().map(c -> name(c.column().name())).collect(Collectors.joining(", "))
            + ") SELECT "
            + written.stream().map(this::staged).collect(Collectors.joining(", "))
            + " FROM "
            + STAGED
            + " AS zdm_r LEFT JOIN "
            + working.shadowSql()
            + " AS zdm_s ON "
            + onKey()
            + " WHERE zdm_s."
            + name(key.get(0).shadow().name())
            + " IS NULL";
  }

  /** Makes the table; empty where rows must be replaced whole. The session is in no transaction. */
  static Optional<StagedRows> of(Session session, Working working, KeyTable table)
      throws SQLException {
    List<MappedColumn> written = working.spec().written();
    boolean hasKey =
        working.identity().shadowColumns().stream()
            .allMatch(k -> written.stream().anyMatch(c -> c.column().name().equals(k)));
    boolean hasJson = written.stream().anyMatch(c -> c.column().dataType().equals("json"));
    if (!working.identity().isOrdered() || !hasKey || hasJson) {
      return Optional.empty();
    }
    try {
      create(session, written);
    } catch (SQLException e) {
      if (Failures.isTooWide(e)) {
        return Optional.empty(); // the shadow itself is as wide as a table can be
      }
      throw e;
    }
    return Optional.of(new StagedRows(session, working, table));
  }

  private static void create(Session session, List<MappedColumn> written) throws SQLException {
    List<String> columns = new ArrayList<>();
    columns.add("n INT UNSIGNED NOT NULL PRIMARY KEY");
    for (int i = 0; i < written.size(); i++) {
      columns.add(written.get(i).nullable("c" + i));
    }
    session.execute("DROP TEMPORARY TABLE IF EXISTS " + STAGED);
    session.execute(
        "CREATE TEMPORARY TABLE "
            + STAGED
            + " ("
            + String.join(", ", columns)
            + ") ENGINE = InnoDB");
  }

  /**
   * Brings the rows of the keys in the table up to date, in the caller's transaction. Throws the
   * server's error when a row meets another one, or has a value that does not fit; then some rows
   * may be written, and others not.
   *
   * @return how many rows the source has of these keys
   */
  long write() throws SQLException {
    session.execute("DELETE FROM " + STAGED);
    long rows = session.execute(stage);
    session.execute(delete);
    if (update.isPresent()) {
      session.execute(update.get());
    }
    session.execute(insert);
    return rows;
  }

  private Optional<String> update(Working working) {
    String values =
        written.stream()
            .filter(c -> !isNumberOfKey(c))
            .map(c -> "zdm_s." + name(c.column().name()) + " = " + staged(c))
            .collect(Collectors.joining(", "));
    return values.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "UPDATE "
                + STAGED
                + " AS zdm_r STRAIGHT_JOIN "
                + working.shadowSql()
                + " AS zdm_s ON "
                + onKey()
                + " SET "
                + values);
  }

  /** Equal texts may be spelled differently; equal numbers are the same. */
  private boolean isNumberOfKey(MappedColumn column) {
    return column.column().isInteger()
        && key.stream().anyMatch(k -> k.shadow().name().equals(column.column().name()));
  }

  private String onKey() {
    return key.stream()
        .map(k -> "zdm_s." + name(k.shadow().name()) + " = " + staged(k))
        .collect(Collectors.joining(" AND "));
  }

  private String staged(KeyColumn column) {
    return written.stream()
        .filter(c -> c.column().name().equals(column.shadow().name()))
        .findFirst()
        .map(this::staged)
        .orElseThrow();
  }

  private String staged(MappedColumn column) {
    return ROW + ".c" + written.indexOf(column);
  }
}
