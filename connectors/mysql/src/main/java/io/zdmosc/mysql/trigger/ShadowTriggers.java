package io.zdmosc.mysql.trigger;

import io.zdmosc.mysql.catalog.Catalog;
import io.zdmosc.mysql.catalog.TriggerInfo;
import io.zdmosc.mysql.control.MigrationNames;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.Sql;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The triggers of the shadow table, by their temporary names.
 *
 * <p>INVARIANT: while copy or flush may write to the shadow, it has none. They are made under the
 * cut-over's lock behind the last flush, and removed again before the flush goes on.
 */
public final class ShadowTriggers {
  private static final int TRIES = 20;

  private ShadowTriggers() {}

  /** Makes them, in the order in which they run. The session's own settings are put back. */
  public static void create(Session session, Working working) throws SQLException {
    List<TriggerInfo> triggers = working.source().triggers();
    if (triggers.isEmpty()) {
      return;
    }
    SessionText ours = SessionText.of(session);
    try {
      for (int number = 0; number < triggers.size(); number++) {
        TriggerText text = TriggerText.of(triggers.get(number));
        String name =
            Sql.name(
                working.names().shadowSchema(),
                MigrationNames.trigger(working.migrationId(), number));
        session.execute(text.session());
        session.execute(text.create(name, working.shadowSql(), ""));
      }
    } finally {
      ours.restore(session);
    }
  }

  /** Removes all triggers that the shadow has; they can only be ours. */
  public static void removeAll(Session session, Working working) throws SQLException {
    String schema = working.names().shadowSchema();
    for (TriggerInfo trigger : new Catalog(session).triggers(schema, working.names().shadow())) {
      drop(session, Sql.name(schema, trigger.name()));
    }
  }

  private static void drop(Session session, String name) throws SQLException {
    session.execute("SET SESSION lock_wait_timeout = 1");
    for (int attempt = 1; ; attempt++) {
      try {
        session.execute("DROP TRIGGER IF EXISTS " + name);
        return;
      } catch (SQLException e) {
        if (!Failures.isLockTimeout(e) || attempt == TRIES) {
          throw e;
        }
      }
      LockSupport.parkNanos(100_000_000);
    }
  }
}
