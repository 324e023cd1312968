package io.zdmosc.mysql;

import io.zdmosc.engine.spi.BuildStep;
import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.engine.spi.ChunkCopier;
import io.zdmosc.engine.spi.ChunkPlanner;
import io.zdmosc.engine.spi.CutOver;
import io.zdmosc.engine.spi.Flusher;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.engine.spi.RangeVerifier;
import io.zdmosc.engine.spi.SourceWatch;
import io.zdmosc.mysql.catalog.Fingerprint;
import io.zdmosc.mysql.copy.MySqlChunkCopier;
import io.zdmosc.mysql.copy.MySqlChunkPlanner;
import io.zdmosc.mysql.cutover.CopyEnd;
import io.zdmosc.mysql.cutover.LockedRename;
import io.zdmosc.mysql.cutover.QueuedRename;
import io.zdmosc.mysql.cutover.SwapOutcome;
import io.zdmosc.mysql.flush.MySqlFlusher;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import io.zdmosc.mysql.statistics.TableStatistics;
import io.zdmosc.mysql.stream.BinlogPosition;
import io.zdmosc.mysql.stream.BinlogStream;
import io.zdmosc.mysql.stream.LogStart;
import io.zdmosc.mysql.stream.StreamSettings;
import io.zdmosc.mysql.trigger.ShadowTriggers;
import io.zdmosc.mysql.verify.MySqlRangeVerifier;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Hands the engine the parts that work on one source and its shadow, in either direction. */
abstract class MySqlPair implements PreparedChange {
  /** How often the cut-over gives way to whoever writes to several tables joined by keys. */
  private static final int GENTLE_ATTEMPTS = 3;

  private final SessionFactory sessions;
  private final Working working;
  private volatile CopyEnd copyEnd = CopyEnd.never();
  private final AtomicInteger attempts = new AtomicInteger();
  private volatile BinlogStream stream;

  MySqlPair(SessionFactory sessions, Working working) {
    this.sessions = sessions;
    this.working = working;
  }

  final SessionFactory sessions() {
    return sessions;
  }

  final Working working() {
    return working;
  }

  /** Where the log is read from; empty where nothing is streamed. */
  abstract Optional<LogStart> start();

  /** The shape of the source that is watched. */
  abstract Fingerprint shape();

  /** Whether the retired table is to be kept in step after the swap. */
  abstract boolean turns();

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

  /** A RENAME and its record are two things: where the record lacks, the tables' names tell. */
  @Override
  public boolean isSwapped() {
    try (Session session = sessions.openUncancelled("swapped?")) {
      return SwapOutcome.isServed(session, working);
    } catch (SQLException e) {
      throw Failures.failed("asking whether the tables were swapped", e);
    }
  }

  @Override
  public ChangeStream openStream() {
    stream =
        new BinlogStream(
            new StreamSettings(
                sessions,
                start()
                    .orElseThrow(() -> new IllegalStateException("no place in the log was noted")),
                working.migrationId(),
                working.source().table().schema(),
                working.source().table().name(),
                working.identity().sourceColumns(),
                working.swapSql()));
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
  public boolean flushesSideBySide() {
    return working.identity().isExact() && working.identity().isOrdered();
  }

  @Override
  public RangeVerifier openVerifier() {
    return part("verify", session -> new MySqlRangeVerifier(session, working));
  }

  @Override
  public SourceWatch openWatch() {
    return part("watch", session -> new MySqlSourceWatch(session, working, shape(), new LogNeed()));
  }

  /** What the stream still needs of the log. */
  private final class LogNeed implements MySqlSourceWatch.LogNeed {
    @Override
    public Optional<BinlogPosition> from() {
      return neededFrom();
    }

    @Override
    public Optional<Instant> since() {
      return Optional.ofNullable(stream).flatMap(BinlogStream::neededSince);
    }
  }

  /** Where in the log the stream's need begins; empty where nothing is streamed. */
  private Optional<BinlogPosition> neededFrom() {
    BinlogStream opened = stream;
    return opened == null ? start().map(LogStart::position) : Optional.of(opened.neededFrom());
  }

  /** Without a stream nothing is known of such transactions. */
  private int preparedKeys() {
    BinlogStream present = stream;
    return present == null ? 0 : present.preparedKeys();
  }

  @Override
  public CutOver openCutOver() {
    Fingerprint shape = shape();
    boolean gently = attempts.getAndIncrement() < GENTLE_ATTEMPTS;
    try (Session session = sessions.open("server")) {
      boolean mariaDb = session.server().mariaDb();
      return sessions.<CutOver>making(
          own ->
              mariaDb
                  ? new QueuedRename(
                      own, working, shape, copyEnd, turns(), this::preparedKeys, gently)
                  : new LockedRename(
                      own, working, shape, copyEnd, turns(), this::preparedKeys, gently));
    } catch (SQLException e) {
      throw Failures.failed("opening a connection for the cut-over", e);
    }
  }

  /** The rows are stored in the order of the primary key: that index cannot be left off. */
  @Override
  public Optional<BuildStep> keyIndex(long memoryBytes) {
    return Optional.empty();
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
      new TableStatistics(session, working).refresh();
    } catch (SQLException e) {
      throw Failures.failed("refreshing the statistics of " + working.shadowSql(), e);
    }
  }

  @Override
  public void close() {
    // every part closes its own session
  }
}
