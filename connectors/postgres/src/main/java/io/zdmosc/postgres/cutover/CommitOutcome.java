package io.zdmosc.postgres.cutover;

import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;

/** Asks the server what became of a commit whose answer was lost. */
final class CommitOutcome {
  private static final int TRIES = 120;

  private CommitOutcome() {}

  /** True when the shadow table has its final name. Waits until the old backend is really gone. */
  static boolean isServed(SessionFactory sessions, Working working, int backendPid) {
    for (int attempt = 1; ; attempt++) {
      try (Session session = sessions.openOrThrow("cut-over outcome")) {
        session.text("SELECT pg_terminate_backend(?::int)::text", backendPid);
        if (!session.test(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = ?::int"
                + " AND application_name = 'zdm-osc cut-over')",
            backendPid)) {
          return session.test(
              "SELECT relname = ?::text FROM pg_class WHERE oid = ?::oid",
              working.spec().finalName(),
              working.shadowOid());
        }
      } catch (SQLException e) {
        if (attempt >= TRIES) {
          throw Failures.failed(
              "asking whether the swap of " + working.sourceSql() + " was committed", e);
        }
      }
      LockSupport.parkNanos(500_000_000);
    }
  }
}
