package io.zdmosc.postgres.stream;

import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import java.sql.SQLException;

/**
 * Writes fences: transactional logical messages, each committed with a local flush of the log. A
 * non-transactional one would be delivered only after later activity. Thread-safe; opens its
 * connection when it is first needed.
 */
public final class FenceWriter implements AutoCloseable {
  private final SessionFactory sessions;
  private Session session;

  public FenceWriter(SessionFactory sessions) {
    this.sessions = sessions;
  }

  public synchronized void write(String token) {
    try {
      if (session == null) {
        session = sessions.open("fence");
      }
      session.text(
          "SELECT pg_logical_emit_message(true, ?::text, ?::text)",
          StreamSettings.FENCE_PREFIX,
          token);
    } catch (SQLException e) {
      throw Failures.failure(
          "Could not write a fence into the log: " + e.getMessage(), "Run the migration again.", e);
    }
  }

  @Override
  public synchronized void close() {
    if (session != null) {
      session.close();
      session = null;
    }
  }
}
