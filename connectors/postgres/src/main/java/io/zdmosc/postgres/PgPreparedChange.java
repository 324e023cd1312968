package io.zdmosc.postgres;

import io.zdmosc.engine.Retire;
import io.zdmosc.engine.spi.BuildStep;
import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.engine.spi.ChunkCopier;
import io.zdmosc.engine.spi.ChunkPlanner;
import io.zdmosc.engine.spi.CopiedChunk;
import io.zdmosc.engine.spi.CutOver;
import io.zdmosc.engine.spi.Flusher;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.engine.spi.RangeVerifier;
import io.zdmosc.engine.spi.SourceWatch;
import io.zdmosc.postgres.catalog.Fingerprint;
import io.zdmosc.postgres.control.ChunkRecord;
import io.zdmosc.postgres.control.Debris;
import io.zdmosc.postgres.control.MigrationNames;
import io.zdmosc.postgres.copy.PgChunkCopier;
import io.zdmosc.postgres.copy.PgChunkPlanner;
import io.zdmosc.postgres.cutover.AfterSwap;
import io.zdmosc.postgres.cutover.CopyEnd;
import io.zdmosc.postgres.cutover.PgCutOver;
import io.zdmosc.postgres.cutover.SnapshotHistory;
import io.zdmosc.postgres.flush.PgFlusher;
import io.zdmosc.postgres.shadow.ForeignKeyCheck;
import io.zdmosc.postgres.shadow.IndexBuilds;
import io.zdmosc.postgres.shadow.KeyColumn;
import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import io.zdmosc.postgres.sql.Sql;
import io.zdmosc.postgres.stream.StreamKind;
import io.zdmosc.postgres.stream.StreamSettings;
import io.zdmosc.postgres.verify.PgRangeVerifier;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Hands the engine the parts that work on one source and its shadow. */
final class PgPreparedChange implements PreparedChange {
  private final SessionFactory sessions;
  private final Working working;
  private final Fingerprint shape;
  private final String slot;
  private final StreamKind streamKind;
  private final SnapshotHistory snapshots = new SnapshotHistory();
  private volatile CopyEnd copyEnd = new CopyEnd("infinity", List.of());

  PgPreparedChange(SessionFactory sessions, PreparedRecord record) {
    this.sessions = sessions;
    this.working = record.working();
    this.shape = record.shape();
    this.slot = record.slot();
    this.streamKind = record.stream();
  }

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
    return Sql.name(working.schema(), working.retiredName());
  }

  @Override
  public List<CopiedChunk> copied() {
    try (Session session = sessions.openUncancelled("chunks")) {
      return ChunkRecord.read(session, working.migrationId());
    } catch (SQLException e) {
      throw Failures.failed("reading which chunks are copied", e);
    }
  }

  /** The state is written by the transaction of the swap itself. */
  @Override
  public boolean isSwapped() {
    try (Session session = sessions.openUncancelled("swapped?")) {
      return session.test(
          "SELECT state = 'swapped' FROM zdm_osc.migration WHERE id = ?::bigint",
          working.migrationId());
    } catch (SQLException e) {
      throw Failures.failed("asking whether the tables were swapped", e);
    }
  }

  @Override
  public ChangeStream openStream() {
    List<KeyColumn> columns = working.identity().columns();
    return streamKind.open(
        new StreamSettings(
            sessions,
            slot,
            MigrationNames.publication(working.migrationId()),
            working.schema(),
            working.source().table().name(),
            working.identity().sourceColumns(),
            columns.stream().map(KeyColumn::type).toList()));
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
  public RangeVerifier openVerifier() {
    return part("verify", session -> new PgRangeVerifier(session, working));
  }

  @Override
  public SourceWatch openWatch() {
    return part("watch", session -> new PgSourceWatch(session, working, shape, slot));
  }

  @Override
  public CutOver openCutOver() {
    try {
      return sessions.making(own -> new PgCutOver(own, working, shape, copyEnd, snapshots));
    } catch (SQLException e) {
      throw Failures.failed("opening a connection for the cut-over", e);
    }
  }

  @Override
  public Optional<BuildStep> keyIndex(long memoryBytes) {
    return new IndexBuilds(sessions, working, memoryBytes).keyIndex();
  }

  @Override
  public List<BuildStep> builds(long memoryBytes) {
    try (Session session = sessions.open("clock")) {
      copyEnd = CopyEnd.now(session);
    } catch (SQLException e) {
      throw Failures.failed("asking the server for the time", e);
    }
    List<BuildStep> steps =
        new ArrayList<>(new IndexBuilds(sessions, working, memoryBytes).steps());
    steps.addAll(ForeignKeyCheck.steps(sessions, working));
    return steps;
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
  public List<String> finish(Retire retire) {
    return new AfterSwap(sessions, working).finish(retire);
  }

  @Override
  public List<String> discard() {
    try (Session session = sessions.openUncancelled("discard")) {
      return new Debris(session, working.migrationId()).remove();
    } catch (SQLException | io.zdmosc.engine.error.ZdmException e) {
      return List.of("everything of migration " + working.migrationId() + ": " + e.getMessage());
    }
  }

  @Override
  public void close() {
    // every part closes its own session
  }
}
