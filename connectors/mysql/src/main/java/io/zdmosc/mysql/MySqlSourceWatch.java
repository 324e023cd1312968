package io.zdmosc.mysql;

import io.zdmosc.engine.guard.DiskSpace;
import io.zdmosc.engine.spi.SourceWatch;
import io.zdmosc.mysql.catalog.Catalog;
import io.zdmosc.mysql.catalog.Fingerprint;
import io.zdmosc.mysql.cutover.SwapOutcome;
import io.zdmosc.mysql.plan.LogExpiry;
import io.zdmosc.mysql.plan.ServerDisks;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.stream.BinlogPosition;
import io.zdmosc.mysql.stream.LogVolume;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Reads how server and table are doing.
 *
 * <p>The server keeps its binary log by its own rules, and the file that a connected reader is at.
 * So what is told as retained is what the stream would need if it had to begin again, and there is
 * no limit to it.
 */
final class MySqlSourceWatch implements SourceWatch {
  private final Session session;
  private final Working working;
  private final Fingerprint shape;
  private final LogNeed need;
  private final LogVolume log;
  private BinlogPosition opened;
  private ServerDisks disks;

  /** What the stream still needs of the log. */
  interface LogNeed {
    /** Where it begins; empty where nothing is streamed. */
    Optional<BinlogPosition> from();

    /** When the oldest of it was committed, by the server's clock; empty when that is not known. */
    Optional<Instant> since();
  }

  MySqlSourceWatch(Session session, Working working, Fingerprint shape, LogNeed need) {
    this.session = session;
    this.working = working;
    this.shape = shape;
    this.need = need;
    this.log = new LogVolume(session);
  }

  @Override
  public List<String> shapeChanges() {
    try {
      List<String> changes =
          Fingerprint.take(
                  session, working.source().table().schema(), working.source().table().name())
              .changesSince(shape);
      // the look may have waited for the very lock under which the names were exchanged
      return changes.isEmpty() || SwapOutcome.haveTheirNames(session, working)
          ? List.of()
          : changes;
    } catch (SQLException e) {
      throw Failures.failed("reading the source table's shape", e);
    }
  }

  @Override
  public long retainedLogBytes() {
    Optional<BinlogPosition> from = need.from();
    try {
      return from.isPresent() ? log.since(from.get()) : 0;
    } catch (SQLException e) {
      throw Failures.failed("reading how much of the binary log the stream is behind", e);
    }
  }

  /**
   * What the stream would need if it had to begin again: the server keeps it for its own reasons.
   */
  @Override
  public long keptLogBytes() {
    return retainedLogBytes();
  }

  @Override
  public Optional<Duration> neededLogAge() {
    Optional<Instant> since = need.since();
    if (since.isEmpty()) {
      return Optional.empty();
    }
    try {
      long now =
          session
              .text("SELECT CAST(UNIX_TIMESTAMP(NOW(6)) * 1000 AS SIGNED)")
              .map(Long::parseLong)
              .orElseThrow();
      return Optional.of(Duration.ofMillis(Math.max(0, now - since.get().toEpochMilli())));
    } catch (SQLException e) {
      throw Failures.failed("asking the server for the time", e);
    }
  }

  @Override
  public Optional<Duration> logExpiry() {
    try {
      return new LogExpiry(session).after();
    } catch (SQLException e) {
      throw Failures.failed("reading how long the server keeps its binary log", e);
    }
  }

  @Override
  public List<DiskSpace> disks() {
    try {
      if (disks == null) {
        disks = ServerDisks.of(session);
      }
      return disks.look();
    } catch (SQLException e) {
      throw Failures.failed("looking for the server's disks", e);
    }
  }

  @Override
  public long retainedLogLimitBytes() {
    return Long.MAX_VALUE;
  }

  /** Counted from the first call on. */
  @Override
  public long writtenLogBytes() {
    try {
      if (opened == null) {
        opened = log.end();
      }
      return log.since(opened);
    } catch (SQLException e) {
      throw Failures.failed("reading the size of the binary log", e);
    }
  }

  @Override
  public long shadowBytes() {
    try {
      session.read("ANALYZE TABLE " + working.shadowSql(), row -> row.getString(1));
      return new Catalog(session)
          .table(working.names().shadowSchema(), working.names().shadow())
          .map(table -> table.tableBytes() + table.indexBytes())
          .orElse(0L);
    } catch (SQLException e) {
      throw Failures.failed("reading the size of the shadow table", e);
    }
  }

  /** A primary knows what it has sent to its replicas, not what they have applied. */
  @Override
  public Optional<ReplicaLag> slowestReplica() {
    return Optional.empty();
  }

  @Override
  public void close() {
    session.close();
  }
}
