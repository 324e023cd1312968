package io.zdmosc.mysql.stream;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import io.zdmosc.mysql.stream.event.Xid;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waits until prepared XA transactions have ended on the server. One thread; opens its connection
 * when it is first needed.
 */
final class XaWatch implements AutoCloseable {
  private static final long PAUSE_NANOS = 2_000_000;

  private final SessionFactory sessions;
  private final BooleanSupplier closed;
  private Session session;

  XaWatch(SessionFactory sessions, BooleanSupplier closed) {
    this.sessions = sessions;
    this.closed = closed;
  }

  /** Returns when the server does not list it as prepared any more, or the stream is closed. */
  void await(Xid xid) {
    try {
      if (session == null) {
        session = sessions.openOrThrow("xa");
      }
      while (!closed.getAsBoolean() && XaList.read(session).contains(xid)) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } catch (SQLException e) {
      throw new MigrationFailedException(
          "An XA transaction has changed the source table, and the server does not tell when its"
              + " commit is visible: "
              + e.getMessage(),
          "The source table is untouched.",
          "Give the user the right XA_RECOVER_ADMIN, and run the migration again.",
          e);
    }
  }

  @Override
  public void close() {
    if (session != null) {
      session.close();
    }
  }
}
