package io.zdmosc.engine.guard;

import io.zdmosc.engine.spi.SourceWatch;
import io.zdmosc.engine.throttle.ThrottleSignal;
import java.util.List;
import java.util.function.Consumer;

/** All the guards of one run. */
public final class ServerGuard {
  private final SourceWatch watch;
  private final LogGuard log;
  private final DiskGuard disk;

  /**
   * @param notes is told what comes close to a limit
   */
  public ServerGuard(SourceWatch watch, Guards guards, Consumer<String> notes) {
    this.watch = watch;
    this.log = new LogGuard(guards, watch.retainedLogLimitBytes(), watch.logExpiry(), notes);
    this.disk = new DiskGuard(guards, notes);
  }

  /**
   * Looks; called about once a second, on the thread that the watch belongs to.
   *
   * @throws io.zdmosc.engine.error.MigrationFailedException when a limit is reached
   */
  public void look() {
    log.look(watch.writtenLogBytes(), watch.keptLogBytes());
    disk.look(watch.disks());
  }

  /** True when the stream should let go of log soon, be it at a cost. */
  public boolean isUrgent() {
    return log.isUrgent();
  }

  public List<ThrottleSignal> signals() {
    return List.of(log, disk);
  }
}
