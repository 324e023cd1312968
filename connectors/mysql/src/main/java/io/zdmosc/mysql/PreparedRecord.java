package io.zdmosc.mysql;

import io.zdmosc.engine.durable.RecordText;
import io.zdmosc.engine.durable.Recorded;
import io.zdmosc.mysql.catalog.Fingerprint;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.stream.LogStart;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Everything about a prepared migration, as it is kept in the control schema for whoever goes on
 * with it. It is written right before the shadow table is created: without that table it says
 * nothing.
 *
 * @param shape of the source when the migration began
 * @param start where the log was read from; empty where nothing is streamed
 * @param back the pair the other way round, where the retired table is to be kept in step
 */
record PreparedRecord(
    Working working, Fingerprint shape, Optional<LogStart> start, Optional<Working> back) {

  void write(Session session) throws SQLException {
    session.update(
        "UPDATE zdm_osc.migration SET prepared = ? WHERE id = ?",
        RecordText.write(this),
        working.migrationId());
  }

  /** Empty when the migration had not come so far. */
  static Optional<PreparedRecord> read(Session session, long migrationId) throws SQLException {
    Optional<String> text =
        session.text("SELECT prepared FROM zdm_osc.migration WHERE id = ?", migrationId);
    return text.map(it -> Recorded.read(migrationId, it, PreparedRecord.class));
  }

  /** The same, but for where the log is to be read from. */
  PreparedRecord startingAt(Optional<LogStart> other) {
    return new PreparedRecord(working, shape, other, back);
  }
}
