package io.zdmosc.mysql.cutover;

import io.zdmosc.engine.durable.RecordText;
import io.zdmosc.engine.durable.Recorded;
import io.zdmosc.mysql.catalog.Fingerprint;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.stream.LogStart;
import java.sql.SQLException;
import java.util.Optional;

/** From where the log is to be read for the way back, and what the new table's shape is then. */
public final class TurnRecord {
  private TurnRecord() {}

  /** The log's end now, while nobody can write to the source. */
  static void write(Session session, long migrationId) throws SQLException {
    session.update(
        "UPDATE zdm_osc.migration SET turned = ? WHERE id = ?",
        RecordText.write(LogStart.atTurn(session)),
        migrationId);
  }

  /** As the attempt at the swap has noted it that succeeded. */
  public static LogStart start(Session session, long migrationId) throws SQLException {
    String text =
        session
            .text("SELECT turned FROM zdm_osc.migration WHERE id = ?", migrationId)
            .orElseThrow(() -> new SQLException("no place in the log was noted at the swap"));
    return Recorded.read(migrationId, text, LogStart.class);
  }

  /**
   * Writes the new table's shape down when nothing of ours changes it any more. Changes by others
   * since the swap are in the log, where the stream meets them.
   */
  static void writeShape(Session session, long migrationId, String schema, String table)
      throws SQLException {
    session.update(
        "UPDATE zdm_osc.migration SET followed = ? WHERE id = ? AND followed IS NULL",
        RecordText.write(Fingerprint.take(session, schema, table)),
        migrationId);
  }

  /** Empty before it was written. */
  public static Optional<Fingerprint> shape(Session session, long migrationId) throws SQLException {
    return session
        .text("SELECT followed FROM zdm_osc.migration WHERE id = ?", migrationId)
        .map(text -> Recorded.read(migrationId, text, Fingerprint.class).ofServing());
  }
}
