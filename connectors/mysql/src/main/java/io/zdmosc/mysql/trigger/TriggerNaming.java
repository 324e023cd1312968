package io.zdmosc.mysql.trigger;

import io.zdmosc.mysql.catalog.TriggerInfo;
import io.zdmosc.mysql.control.MigrationNames;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.Sql;
import io.zdmosc.mysql.stream.statement.StatementJudge;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Gives one trigger its right name. Which of its steps are left is asked of the server each time,
 * so it can be run after any of them.
 */
final class TriggerNaming {
  private static final int TRIES = 5;

  private final TableLock lock;
  private final Session watch;
  private final TriggerHandover.Place place;
  private final List<TriggerInfo> triggers;
  private final int number;
  private final TriggerInfo trigger;
  private final String temporary;
  private final String guard;

  TriggerNaming(
      TableLock lock,
      Session watch,
      TriggerHandover.Place place,
      List<TriggerInfo> triggers,
      int number) {
    this.lock = lock;
    this.watch = watch;
    this.place = place;
    this.triggers = triggers;
    this.number = number;
    this.trigger = triggers.get(number);
    this.temporary = MigrationNames.trigger(place.migrationId(), number);
    this.guard = MigrationNames.guard(place.migrationId(), number);
  }

  /**
   * What could not be done, in words.
   *
   * @throws SQLException when the connection is lost
   */
  Optional<String> run() throws SQLException {
    try {
      for (int attempt = 1; ; attempt++) {
        Set<String> present = present(place.table());
        if (!present.contains(temporary) && !present.contains(guard)) {
          return Optional.empty(); // done, or somebody has dropped it
        }
        freeTheName();
        Optional<String> taken = takenBy();
        if (taken.isPresent()) {
          return Optional.of(left("its name is taken by a trigger of " + taken.get()));
        }
        if (!lock.take()) {
          return Optional.of(left(lock.reason()));
        }
        try {
          for (List<String> packet : packets()) {
            lock.session().executePacket(packet);
          }
        } catch (SQLException e) {
          repair(e, attempt);
        } finally {
          lock.release();
        }
      }
    } catch (SQLException e) {
      if (Failures.isConnectionLoss(e)) {
        throw e;
      }
      return Optional.of(left(e.getMessage()));
    }
  }

  private String left(String why) {
    return "trigger "
        + Sql.name(trigger.name())
        + " works, by the name "
        + Sql.name(temporary)
        + ": "
        + why
        + "; to do: zdm-osc cleanup";
  }

  private Set<String> present(String table) throws SQLException {
    return Set.copyOf(
        watch.query(
            "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS"
                + " WHERE EVENT_OBJECT_SCHEMA = ? AND EVENT_OBJECT_TABLE = ?",
            row -> row.getString(1),
            place.schema(),
            table));
  }

  /** The retired table's trigger has the name; the application writes to that table no more. */
  private void freeTheName() throws SQLException {
    if (!present(place.retired()).contains(trigger.name())) {
      return;
    }
    for (int attempt = 1; ; attempt++) {
      try {
        watch.execute("SET SESSION lock_wait_timeout = 1");
        watch.execute("DROP TRIGGER " + Sql.name(place.schema(), trigger.name()));
        return;
      } catch (SQLException e) {
        if (!Failures.isLockTimeout(e) || attempt == TRIES) {
          throw e;
        }
      }
    }
  }

  private Optional<String> takenBy() throws SQLException {
    record Named(String name, String table) {}

    return watch
        .query(
            "SELECT TRIGGER_NAME, EVENT_OBJECT_TABLE FROM information_schema.TRIGGERS"
                + " WHERE TRIGGER_SCHEMA = ? AND TRIGGER_NAME = ?",
            row -> new Named(row.getString(1), row.getString(2)),
            place.schema(),
            trigger.name())
        .stream()
        .filter(named -> named.name().equals(trigger.name()))
        .map(Named::table)
        .filter(table -> !table.equals(place.table()))
        .map(Sql::name)
        .findFirst();
  }

  /**
   * What is left to do under the lock, which is given back at the end. A packet ends with the
   * trigger's definition: MySQL would take what separates it from another statement for a part of
   * it.
   */
  private List<List<String>> packets() throws SQLException {
    Set<String> present = present(place.table());
    List<String> first = new ArrayList<>();
    if (!present.contains(guard)) {
      first.add(guardStatement());
    }
    if (present.contains(temporary)) {
      first.add(drop(temporary));
    }
    if (!present.contains(trigger.name())) {
      TriggerText text = TriggerText.of(trigger);
      first.add(text.session());
      first.add(create(text, trigger.name(), present));
    }
    List<String> second = List.of(lock.ours().statement(), drop(guard), "UNLOCK TABLES");
    return first.isEmpty() ? List.of(second) : List.of(first, second);
  }

  private String create(TriggerText text, String name, Set<String> present) {
    return text.create(Sql.name(name), Sql.name(place.table()), order(present));
  }

  private static String drop(String name) {
    return "DROP TRIGGER " + StatementJudge.OWN_MARK + " " + Sql.name(name);
  }

  private String guardStatement() {
    return "CREATE "
        + StatementJudge.OWN_MARK
        + " TRIGGER "
        + Sql.name(guard)
        + " BEFORE "
        + trigger.event()
        + " ON "
        + Sql.name(place.table())
        + " FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT ="
        + " 'a trigger of this table is being renamed; if this lasts: zdm-osc cleanup'";
  }

  /** Its place among those that run at the same moment. */
  private String order(Set<String> present) {
    for (int before = number - 1; before >= 0; before--) {
      String name = triggers.get(before).name();
      if (trigger.runsWith(triggers.get(before)) && present.contains(name)) {
        return "FOLLOWS " + Sql.name(name);
      }
    }
    for (int after = number + 1; after < triggers.size(); after++) {
      String name = MigrationNames.trigger(place.migrationId(), after);
      if (trigger.runsWith(triggers.get(after)) && present.contains(name)) {
        return "PRECEDES " + Sql.name(name);
      }
    }
    return "";
  }

  /**
   * Some step has failed. Goes on from there while the lock is held, so that nobody meets the
   * guard; where the right name cannot be given, the temporary one is given back.
   */
  private void repair(SQLException first, int attempt) throws SQLException {
    if (Failures.isConnectionLoss(first)) {
      lock.reconnect();
      if (attempt >= TRIES) {
        throw first;
      }
      return; // and once more from the beginning
    }
    SQLException failure = first;
    for (int i = 0; i < TRIES && present(place.table()).contains(guard); i++) {
      try {
        takeBack();
      } catch (SQLException e) {
        failure = e;
      }
    }
    if (!Failures.isLockTimeout(failure) || attempt >= TRIES) {
      throw failure;
    }
  }

  private void takeBack() throws SQLException {
    Session session = lock.session();
    Set<String> present = present(place.table());
    session.execute(lock.ours().statement());
    if (!present.contains(temporary) && !present.contains(trigger.name())) {
      TriggerText text = TriggerText.of(trigger);
      session.execute(text.session());
      session.execute(create(text, temporary, present));
      session.execute(lock.ours().statement());
    }
    session.execute(drop(guard));
  }
}
