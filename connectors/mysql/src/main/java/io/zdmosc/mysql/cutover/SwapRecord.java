package io.zdmosc.mysql.cutover;

import io.zdmosc.mysql.control.StateRecord;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import java.sql.SQLException;

/**
 * Writes down that the tables have been exchanged, on a connection that is open beforehand: to open
 * one takes its time on a busy server. If that one is lost, on another.
 */
final class SwapRecord implements AutoCloseable {
  private final SessionFactory sessions;
  private final Working working;
  private final Session prepared;

  SwapRecord(SessionFactory sessions, Working working) {
    this.sessions = sessions;
    this.working = working;
    this.prepared = sessions.openUncancelled("swapped");
  }

  void write() {
    try {
      write(prepared);
    } catch (SQLException e) {
      if (!Failures.isConnectionLoss(e)) {
        throw failed(e);
      }
      writeAnew();
    }
  }

  private void writeAnew() {
    LostConnection.end(sessions, prepared.id()); // its transaction may hold the record
    try (Session session = sessions.openUncancelled("swapped")) {
      write(session);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private void write(Session session) throws SQLException {
    session.patientTransaction(
        () -> {
          StateRecord.writeOpen(session, working.migrationId(), working.swappedState(), "");
          return null;
        });
  }

  private static RuntimeException failed(SQLException e) {
    return Failures.failed("recording the swap, which is done", e);
  }

  @Override
  public void close() {
    prepared.close();
  }
}
