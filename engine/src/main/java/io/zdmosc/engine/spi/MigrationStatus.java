package io.zdmosc.engine.spi;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.durable.Recorded;
import io.zdmosc.engine.progress.Progress;
import java.time.Instant;
import java.util.Optional;

/**
 * How a migration stands, by its durable record.
 *
 * @param detail of the state, or empty
 * @param open true until it has ended
 * @param alive true when a process holds its lease
 * @param owner the process that drives it, or drove it last
 * @param rowsCopied by the chunks' records, which are removed at the end
 * @param rowsTotal estimated when it began; 0 where that is not known
 * @param changedAt when its state was written
 * @param report what its process has reported last; empty before the copy and after the end
 */
public record MigrationStatus(
    long id,
    String table,
    String alter,
    MigrationState state,
    String detail,
    boolean dryRun,
    boolean open,
    boolean alive,
    String owner,
    long rowsCopied,
    long rowsTotal,
    Instant begunAt,
    Instant changedAt,
    Orders orders,
    Optional<Report> report) {

  /**
   * How a migration stood.
   *
   * @param ageMillis how long ago, by the server's clock
   */
  public record Report(Progress progress, long ageMillis) {
    /** What was written down; empty where another version has written it. */
    public static Optional<Report> of(String text, long ageMillis) {
      return Recorded.known(text, Progress.class).map(it -> new Report(it, ageMillis));
    }
  }
}
