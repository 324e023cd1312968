package io.zdmosc.mysql.trigger;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.mysql.catalog.Catalog;
import io.zdmosc.mysql.catalog.TriggerInfo;
import io.zdmosc.mysql.control.TriggerRecord;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import io.zdmosc.mysql.sql.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Gives the new table's triggers their right names, after the swap.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>no write of the application happens without a trigger, or with two of it;
 *   <li>it can break off anywhere, and be run again: what is on the server and the record tell what
 *       is left to do;
 *   <li>the application waits for one attempt at one trigger no longer than a moment for the lock,
 *       and for four definitions.
 * </ul>
 */
public final class TriggerHandover {
  private static final int TRIES = 60;

  private final SessionFactory sessions;
  private final Place place;

  /**
   * Where everything is.
   *
   * @param schema the database of both tables and of the triggers
   * @param table the new table, as it is called now
   * @param retired what the source is called now
   */
  public record Place(long migrationId, String schema, String table, String retired) {}

  public TriggerHandover(SessionFactory sessions, Place place) {
    this.sessions = sessions;
    this.place = place;
  }

  /**
   * Does it; what could not be done, in words. Then the record stays. When the server goes away
   * meanwhile, its return is waited for: it may come back with a guard in place.
   */
  public List<String> run() throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        return runOnce();
      } catch (SQLException e) {
        if (!Failures.isConnectionLoss(e) || attempt == TRIES) {
          throw e;
        }
      } catch (MigrationFailedException e) { // no new connection
        if (attempt == TRIES) {
          throw e;
        }
      }
      LockSupport.parkNanos(1_000_000_000);
    }
  }

  private List<String> runOnce() throws SQLException {
    List<String> left = new ArrayList<>();
    try (Session watch = sessions.openUncancelled("triggers watch")) {
      List<TriggerInfo> triggers = TriggerRecord.read(watch, place.migrationId());
      if (triggers.isEmpty()) {
        return left;
      }
      try (TableLock lock = new TableLock(sessions, watch, place.schema(), place.table())) {
        for (int number = 0; number < triggers.size(); number++) {
          new TriggerNaming(lock, watch, place, triggers, number).run().ifPresent(left::add);
        }
      }
      if (left.isEmpty()) {
        TriggerRecord.delete(watch, place.migrationId());
        left.addAll(madeMeanwhile(watch));
      }
    }
    return left;
  }

  /** What somebody made on the source in the very moment of the swap. */
  private List<String> madeMeanwhile(Session watch) throws SQLException {
    return new Catalog(watch)
        .triggers(place.schema(), place.retired()).stream()
            .map(
                trigger ->
                    "trigger "
                        + Sql.name(trigger.name())
                        + ", which was made while the names were exchanged, is on the retired table"
                        + " "
                        + Sql.name(place.schema(), place.retired())
                        + "; to do: make it on the new table")
            .toList();
  }
}
