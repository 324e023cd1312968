package io.zdmosc.mysql.control;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.mysql.foreignkey.KeyRecord;
import io.zdmosc.mysql.foreignkey.KeySettlement;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import io.zdmosc.mysql.sql.Sql;
import io.zdmosc.mysql.trigger.TriggerHandover;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Finds and removes what a migration has made on the server, by the names in its record. */
public final class Debris {
  private static final int TRIES = 20;

  private final SessionFactory sessions;
  private final Session session;
  private final long migrationId;

  public Debris(SessionFactory sessions, Session session, long migrationId) {
    this.sessions = sessions;
    this.session = session;
    this.migrationId = migrationId;
  }

  private record Table(String schema, String name) {
    String sqlName() {
      return Sql.name(schema, name);
    }
  }

  private record Row(Table source, String finalName, Table shadow, Table retired, String state) {}

  /** What there is, in words. */
  public List<String> list() throws SQLException {
    List<String> found = new ArrayList<>();
    Optional<Row> row = row();
    if (row.isPresent()) {
      boolean triggers = !TriggerRecord.read(session, migrationId).isEmpty();
      if (KeyRecord.exists(session, migrationId)) {
        found.add("temporary foreign keys of " + row.get().source().sqlName() + " or to it");
      }
      if (isRolledBack(row.get())) { // what has the shadow's name was kept
        if (triggers) {
          found.add(temporaryNames(row.get().source()));
        }
        return found;
      }
      if (exists(row.get().shadow())) {
        found.add("table " + row.get().shadow().sqlName());
      }
      if (triggers && !isMade(row.get().shadow())) {
        found.add(temporaryNames(new Table(row.get().source().schema(), row.get().finalName())));
      }
      if (isSentry(row.get().retired())) {
        found.add("table " + row.get().retired().sqlName());
      }
    }
    return found;
  }

  private static String temporaryNames(Table table) {
    return "temporary names of triggers of " + table.sqlName();
  }

  /** Whether the old table serves again, be that recorded or told by the tables' names alone. */
  boolean isRolledBack() throws SQLException {
    Optional<Row> row = row();
    return row.isPresent() && isRolledBack(row.get());
  }

  private boolean isRolledBack(Row row) throws SQLException {
    return row.state().equals(MigrationState.ROLLED_BACK.label())
        || row.state().equals(MigrationState.SWAPPED.label()) && isMade(row.shadow());
  }

  /** True when it is there, and not a sentry that an attempt at the swap back has left. */
  private boolean isMade(Table shadow) throws SQLException {
    return exists(shadow) && !isSentry(shadow);
  }

  /**
   * Does for a migration that was swapped back what cannot be left: the table that serves no more
   * stays. What could not be done, in words.
   */
  List<String> finishRollback() throws SQLException {
    Optional<Row> row = row();
    if (row.isEmpty()) {
      return List.of();
    }
    List<String> left = new ArrayList<>(KeySettlement.run(sessions, migrationId));
    left.addAll(nameTriggers(row.get().source(), row.get().shadow().name()));
    return left;
  }

  /** Removes it; what is left, in words with the reason. */
  public List<String> remove() throws SQLException {
    List<String> left = new ArrayList<>();
    forget();
    Optional<Row> row = row();
    if (row.isPresent()) {
      left.addAll(KeySettlement.run(sessions, migrationId)); // else nothing can be dropped
      if (!isMade(row.get().shadow())) {
        Table serving = new Table(row.get().source().schema(), row.get().finalName());
        left.addAll(nameTriggers(serving, row.get().retired().name()));
      }
      if (exists(row.get().shadow())) {
        drop(row.get().shadow(), left); // and its triggers with it
      }
      if (isSentry(row.get().retired())) {
        drop(row.get().retired(), left);
      }
    }
    dropOwnDatabase(left);
    if (left.isEmpty()) {
      TriggerRecord.delete(session, migrationId);
    }
    return left;
  }

  private List<String> nameTriggers(Table serving, String retired) throws SQLException {
    TriggerHandover.Place place =
        new TriggerHandover.Place(migrationId, serving.schema(), serving.name(), retired);
    return new TriggerHandover(sessions, place).run();
  }

  /** Who goes on with the migration after this must not believe that anything is there. */
  private void forget() throws SQLException {
    session.patientTransaction(
        () -> {
          session.update("UPDATE zdm_osc.migration SET prepared = NULL WHERE id = ?", migrationId);
          session.update("DELETE FROM zdm_osc.chunk WHERE migration_id = ?", migrationId);
          session.update("DELETE FROM zdm_osc.log_position WHERE migration_id = ?", migrationId);
          return null;
        });
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
        "SELECT table_schema, table_name, final_name, shadow_schema, shadow_name, retired_schema,"
            + " retired_name, state FROM zdm_osc.migration WHERE id = ? AND shadow_name IS NOT NULL",
        r ->
            new Row(
                new Table(r.getString(1), r.getString(2)),
                r.getString(3),
                new Table(r.getString(4), r.getString(5)),
                new Table(r.getString(6), r.getString(7)),
                r.getString(8)),
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
