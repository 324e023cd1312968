package io.zdmosc.mysql.foreignkey;

import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Brings keys to where they belong after an exchange that broke off, without a lock: what stands in
 * for a key holds until the very statement that puts the key itself in its place. Can break off
 * anywhere, and be run again.
 */
public final class KeySettlement {
  private static final int TRIES = 30;
  private static final long REST_NANOS = 200_000_000;

  private KeySettlement() {}

  /** Does it; what could not be done, in words. Then the record stays. */
  public static List<String> run(SessionFactory sessions, long migrationId) throws SQLException {
    List<String> left = new ArrayList<>();
    try (Session session = sessions.openUncancelled("foreign keys")) {
      Optional<KeyExchange> exchange = KeyRecord.read(session, migrationId);
      if (exchange.isPresent()) {
        session.execute(
            "SET SESSION foreign_key_checks = 0, lock_wait_timeout = 1,"
                + " innodb_lock_wait_timeout = 1");
        for (String statement : new KeySwitch(exchange.get()).rest(session)) {
          patiently(session, statement, left);
        }
        if (left.isEmpty()) {
          KeyRecord.delete(session, migrationId);
        }
      }
    }
    return left;
  }

  private static void patiently(Session session, String statement, List<String> left)
      throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        session.execute(statement);
        return;
      } catch (SQLException e) {
        if (Failures.isConnectionLoss(e)) {
          throw e;
        }
        if (!Failures.isLockTimeout(e) || attempt == TRIES) {
          left.add(
              "foreign keys are under temporary names, and refuse more than they should: "
                  + Failures.words(e)
                  + "; to do: zdm-osc cleanup, or with foreign_key_checks = 0: "
                  + statement);
          return;
        }
      }
      LockSupport.parkNanos(REST_NANOS);
    }
  }
}
