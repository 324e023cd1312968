package io.zdmosc.postgres;

import io.zdmosc.engine.durable.RecordText;
import io.zdmosc.engine.durable.Recorded;
import io.zdmosc.postgres.catalog.Fingerprint;
import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionDefaults;
import io.zdmosc.postgres.stream.StreamKind;
import io.zdmosc.postgres.stream.Timeline;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Everything about a prepared migration, as it is kept in the control schema for whoever goes on
 * with it. It is written by the transaction that creates the shadow table.
 *
 * @param shape of the source when the migration began
 * @param back the pair the other way round, where the retired table is to be kept in step
 * @param timeline of the log in which the stream was opened
 * @param defaults what an ordinary session had then: expressions are evaluated so to the end
 */
record PreparedRecord(
    Working working,
    Fingerprint shape,
    String slot,
    Timeline timeline,
    StreamKind stream,
    SessionDefaults defaults,
    Optional<Working> back) {

  void write(Session session) throws SQLException {
    session.update(
        "UPDATE zdm_osc.migration SET prepared = ?::text WHERE id = ?::bigint",
        RecordText.write(this),
        working.migrationId());
  }

  /** Empty when the migration had not come so far. */
  static Optional<PreparedRecord> read(Session session, long migrationId) throws SQLException {
    Optional<String> text =
        session.text("SELECT prepared FROM zdm_osc.migration WHERE id = ?::bigint", migrationId);
    return text.map(it -> Recorded.read(migrationId, it, PreparedRecord.class));
  }
}
