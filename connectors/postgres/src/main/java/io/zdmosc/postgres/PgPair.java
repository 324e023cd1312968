package io.zdmosc.postgres;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.engine.spi.ChunkCopier;
import io.zdmosc.engine.spi.ChunkPlanner;
import io.zdmosc.engine.spi.CutOver;
import io.zdmosc.engine.spi.Flusher;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.engine.spi.RangeVerifier;
import io.zdmosc.engine.spi.SourceWatch;
import io.zdmosc.postgres.catalog.Fingerprint;
import io.zdmosc.postgres.control.MigrationNames;
import io.zdmosc.postgres.copy.PgChunkCopier;
import io.zdmosc.postgres.copy.PgChunkPlanner;
import io.zdmosc.postgres.cutover.CopyEnd;
import io.zdmosc.postgres.cutover.Exchange;
import io.zdmosc.postgres.cutover.PgCutOver;
import io.zdmosc.postgres.cutover.SnapshotHistory;
import io.zdmosc.postgres.flush.PgFlusher;
import io.zdmosc.postgres.shadow.KeyColumn;
import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import io.zdmosc.postgres.stream.StreamKind;
import io.zdmosc.postgres.stream.StreamSettings;
import io.zdmosc.postgres.verify.PgRangeVerifier;
import java.sql.SQLException;
import java.util.List;

/** Hands the engine the parts that work on one source and its shadow, in either direction. */
abstract class PgPair implements PreparedChange {
  private final SessionFactory sessions;
  private final Working working;
  private final String slot;
  private final SnapshotHistory snapshots = new SnapshotHistory();
  private volatile CopyEnd copyEnd = new CopyEnd("infinity", List.of());

  PgPair(SessionFactory sessions, Working working, String slot) {
    this.sessions = sessions;
    this.working = working;
    this.slot = slot;
  }

  final SessionFactory sessions() {
    return sessions;
  }

  final Working working() {
    return working;
  }

  /** How changes are read. */
  abstract StreamKind streamKind();

  /** The shape of the source that is watched. */
  abstract Fingerprint shape();

  /** What is done under the lock. */
  abstract Exchange exchange();

  /** The state that the swap of this direction leaves. */
  abstract MigrationState swappedState();

  /** Makes a part on a session of its own, which the part then owns. */
  @FunctionalInterface
  private interface Part<T> {
    T on(Session session) throws SQLException;
  }

  private <T> T part(String purpose, Part<T> part) {
    Session session = sessions.open(purpose);
    try {
      working.showKeyTypes(session);
      return part.on(session);
    } catch (SQLException e) {
      session.close();
      throw Failures.failed("opening a connection to " + purpose, e);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  @Override
  public String retiredTable() {
    return working.retiredSql();
  }

  /** The state is written by the transaction of the swap itself. */
  @Override
  public boolean isSwapped() {
    try (Session session = sessions.openUncancelled("swapped?")) {
      return isSwapped(session);
    } catch (SQLException e) {
      throw Failures.failed("asking whether the tables were swapped", e);
    }
  }

  private boolean isSwapped(Session session) throws SQLException {
    return session.test(
        "SELECT state = ?::text FROM zdm_osc.migration WHERE id = ?::bigint",
        swappedState().label(),
        working.migrationId());
  }

  @Override
  public ChangeStream openStream() {
    List<KeyColumn> columns = working.identity().columns();
    return streamKind()
        .open(
            new StreamSettings(
                sessions,
                slot,
                MigrationNames.publication(working.migrationId()),
                working.schema(),
                working.source().table().name(),
                working.identity().sourceColumns(),
                columns.stream().map(KeyColumn::type).toList(),
                working.source().table().oid()));
  }

  @Override
  public ChunkPlanner openPlanner() {
    return part("plan chunks", session -> new PgChunkPlanner(session, working));
  }

  @Override
  public ChunkCopier openCopier() {
    return part("copy", session -> new PgChunkCopier(session, working));
  }

  @Override
  public Flusher openFlusher() {
    return part("flush", session -> new PgFlusher(session, working));
  }

  @Override
  public boolean flushesSideBySide() {
    return working.identity().isExact() && working.identity().staysUnique();
  }

  @Override
  public RangeVerifier openVerifier() {
    return part("verify", session -> new PgRangeVerifier(session, working));
  }

  @Override
  public SourceWatch openWatch() {
    return part(
        "watch", session -> new PgSourceWatch(session, working, shape(), slot, this::isSwapped));
  }

  @Override
  public CutOver openCutOver() {
    try {
      Exchange exchange = exchange();
      return sessions.making(own -> new PgCutOver(own, working, exchange, copyEnd, snapshots));
    } catch (SQLException e) {
      throw Failures.failed("opening a connection for the cut-over", e);
    }
  }

  /** From now on snapshots that are older than this moment are in the way of the swap. */
  final void markCopyEnd() {
    try (Session session = sessions.open("clock")) {
      copyEnd = CopyEnd.now(session);
    } catch (SQLException e) {
      throw Failures.failed("asking the server for the time", e);
    }
  }

  @Override
  public void refreshStatistics() {
    try (Session session = sessions.open("statistics")) {
      session.execute("VACUUM (ANALYZE) " + working.shadowSql());
    } catch (SQLException e) {
      throw Failures.failed("refreshing the statistics of " + working.shadowSql(), e);
    }
  }

  @Override
  public void close() {
    // every part closes its own session
  }
}
