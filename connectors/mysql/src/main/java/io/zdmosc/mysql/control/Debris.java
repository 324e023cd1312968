package io.zdmosc.mysql.control;

import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Finds and removes what a migration has made on the server, by the names in its record. */
public final class Debris {
  private static final int TRIES = 20;

  private final Session session;
  private final long migrationId;

  public Debris(Session session, long migrationId) {
    this.session = session;
    this.migrationId = migrationId;
  }

  private record Table(String schema, String name) {
    String sqlName() {
      return Sql.name(schema, name);
    }
  }

  private record Row(Table shadow, Table retired) {}

  /** What there is, in words. */
  public List<String> list() throws SQLException {
    List<String> found = new ArrayList<>();
    Optional<Row> row = row();
    if (row.isPresent()) {
      if (exists(row.get().shadow())) {
        found.add("table " + row.get().shadow().sqlName());
      }
      if (isSentry(row.get().retired())) {
        found.add("table " + row.get().retired().sqlName());
      }
    }
    return found;
  }

  /** Removes it; what is left, in words with the reason. */
  public List<String> remove() throws SQLException {
    List<String> left = new ArrayList<>();
    Optional<Row> row = row();
    if (row.isPresent()) {
      if (exists(row.get().shadow())) {
        drop(row.get().shadow(), left);
      }
      if (isSentry(row.get().retired())) {
        drop(row.get().retired(), left);
      }
    }
    dropOwnDatabase(left);
    return left;
  }

  /** Drops the database that was made for the retired table alone, when nothing is in it. */
  public void dropOwnDatabase(List<String> left) throws SQLException {
    Optional<Row> row = row();
    String schema = row.map(r -> r.retired().schema()).orElse("");
    boolean empty =
        MigrationNames.isOwnDatabase(schema, migrationId)
            && !session.test(
                "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?", schema);
    if (empty) {
      try {
        session.execute("DROP DATABASE IF EXISTS " + Sql.name(schema));
      } catch (SQLException e) {
        left.add("database " + Sql.name(schema) + " (" + Failures.words(e) + ")");
      }
    }
  }

  private void drop(Table table, List<String> left) {
    for (int attempt = 1; ; attempt++) {
      try {
        session.execute("SET SESSION lock_wait_timeout = 1");
        session.execute("DROP TABLE IF EXISTS " + table.sqlName());
        return;
      } catch (SQLException e) {
        if (!Failures.isLockTimeout(e) || attempt == TRIES) {
          left.add("table " + table.sqlName() + " (" + Failures.words(e) + ")");
          return;
        }
      }
      LockSupport.parkNanos(200_000_000);
    }
  }

  private Optional<Row> row() throws SQLException {
    return session.first(
        "SELECT shadow_schema, shadow_name, retired_schema, retired_name FROM zdm_osc.migration"
            + " WHERE id = ? AND shadow_name IS NOT NULL",
        r ->
            new Row(
                new Table(r.getString(1), r.getString(2)),
                new Table(r.getString(3), r.getString(4))),
        migrationId);
  }

  private boolean exists(Table table) throws SQLException {
    return session.test(
        "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?",
        table.schema(),
        table.name());
  }

  private boolean isSentry(Table table) throws SQLException {
    return Sentry.exists(session, table.schema(), table.name());
  }
}
