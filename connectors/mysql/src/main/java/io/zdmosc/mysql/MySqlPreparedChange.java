package io.zdmosc.mysql;

import io.zdmosc.engine.Retire;
import io.zdmosc.engine.error.ZdmException;
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
import io.zdmosc.mysql.catalog.Catalog;
import io.zdmosc.mysql.catalog.Fingerprint;
import io.zdmosc.mysql.control.ChunkRecord;
import io.zdmosc.mysql.control.Debris;
import io.zdmosc.mysql.copy.MySqlChunkCopier;
import io.zdmosc.mysql.copy.MySqlChunkPlanner;
import io.zdmosc.mysql.cutover.AfterSwap;
import io.zdmosc.mysql.cutover.CopyEnd;
import io.zdmosc.mysql.cutover.LockedRename;
import io.zdmosc.mysql.cutover.QueuedRename;
import io.zdmosc.mysql.cutover.SwapOutcome;
import io.zdmosc.mysql.flush.MySqlFlusher;
import io.zdmosc.mysql.shadow.IndexBuilds;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import io.zdmosc.mysql.stream.BinlogPosition;
import io.zdmosc.mysql.stream.BinlogStream;
import io.zdmosc.mysql.stream.LogStart;
import io.zdmosc.mysql.stream.StreamSettings;
import io.zdmosc.mysql.trigger.ShadowTriggers;
import io.zdmosc.mysql.verify.MySqlRangeVerifier;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Hands the engine the parts that work on one source and its shadow. */
final class MySqlPreparedChange implements PreparedChange {
  private final SessionFactory sessions;
  private final Working working;
  private final Fingerprint shape;
  private final Optional<LogStart> start;
  private volatile CopyEnd copyEnd = CopyEnd.never();
  private volatile BinlogStream stream;

  MySqlPreparedChange(SessionFactory sessions, PreparedRecord record) {
    this.sessions = sessions;
    this.working = record.working();
    this.shape = record.shape();
    this.start = record.start();
  }

  /** Makes a part on a session of its own, which the part then owns. */
  @FunctionalInterface
  private interface Part<T> {
    T on(Session session) throws SQLException;
  }

  private <T> T part(String purpose, Part<T> part) {
    Session session = sessions.open(purpose);
    try {
      working.prepare(session);
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

  @Override
  public List<CopiedChunk> copied() {
    try (Session session = sessions.openUncancelled("chunks")) {
      return ChunkRecord.read(session, working.migrationId());
    } catch (SQLException e) {
      throw Failures.failed("reading which chunks are copied", e);
    }
  }

  /** A RENAME and its record are two things: where the record lacks, the tables' names tell. */
  @Override
  public boolean isSwapped() {
    try (Session session = sessions.openUncancelled("swapped?")) {
      return SwapOutcome.isServed(session, working);
    } catch (SQLException e) {
      throw Failures.failed("asking whether the tables were swapped", e);
    }
  }

  boolean hasShadow(Session session) throws SQLException {
    return new Catalog(session)
        .table(working.names().shadowSchema(), working.names().shadow())
        .isPresent();
  }

  @Override
  public ChangeStream openStream() {
    stream =
        new BinlogStream(
            new StreamSettings(
                sessions,
                start.orElseThrow(() -> new IllegalStateException("no place in the log was noted")),
                working.migrationId(),
                working.source().table().schema(),
                working.source().table().name(),
                working.identity().sourceColumns()));
    return stream;
  }

  @Override
  public ChunkPlanner openPlanner() {
    return part("plan chunks", session -> new MySqlChunkPlanner(session, working));
  }

  @Override
  public ChunkCopier openCopier() {
    return part("copy", session -> new MySqlChunkCopier(session, working));
  }

  @Override
  public Flusher openFlusher() {
    return part(
        "flush",
        session -> {
          ShadowTriggers.removeAll(session, working); // a process that died may have left some
          return new MySqlFlusher(session, working);
        });
  }

  @Override
  public RangeVerifier openVerifier() {
    return part("verify", session -> new MySqlRangeVerifier(session, working));
  }

  @Override
  public SourceWatch openWatch() {
    return part(
        "watch", session -> new MySqlSourceWatch(session, working, shape, this::neededFrom));
  }

  /** Where in the log the stream's need begins; empty where nothing is streamed. */
  private Optional<BinlogPosition> neededFrom() {
    BinlogStream opened = stream;
    return opened == null ? start.map(LogStart::position) : Optional.of(opened.neededFrom());
  }

  /** Without a stream nothing is known of such transactions. */
  private int preparedKeys() {
    BinlogStream present = stream;
    return present == null ? 0 : present.preparedKeys();
  }

  @Override
  public CutOver openCutOver() {
    try (Session session = sessions.open("server")) {
      boolean mariaDb = session.server().mariaDb();
      return sessions.<CutOver>making(
          own ->
              mariaDb
                  ? new QueuedRename(own, working, shape, copyEnd, this::preparedKeys)
                  : new LockedRename(own, working, shape, copyEnd, this::preparedKeys));
    } catch (SQLException e) {
      throw Failures.failed("opening a connection for the cut-over", e);
    }
  }

  /** The rows are stored in the order of the primary key: that index cannot be left off. */
  @Override
  public Optional<BuildStep> keyIndex(long memoryBytes) {
    return Optional.empty();
  }

  @Override
  public List<BuildStep> builds(long memoryBytes) {
    try (Session session = sessions.open("clock")) {
      copyEnd = CopyEnd.now(session);
    } catch (SQLException e) {
      throw Failures.failed("asking the server for the time", e);
    }
    return new IndexBuilds(sessions, working, memoryBytes).steps();
  }

  @Override
  public void refreshStatistics() {
    try (Session session = sessions.open("statistics")) {
      session.read("ANALYZE TABLE " + working.shadowSql(), row -> row.getString(1));
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
      return new Debris(sessions, session, working.migrationId()).remove();
    } catch (SQLException | ZdmException e) {
      return List.of("everything of migration " + working.migrationId() + ": " + Failures.words(e));
    }
  }

  @Override
  public void close() {
    // every part closes its own session
  }
}
