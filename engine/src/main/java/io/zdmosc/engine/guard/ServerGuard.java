package io.zdmosc.engine.guard;

import io.zdmosc.engine.spi.SourceWatch;
import io.zdmosc.engine.throttle.ThrottleSignal;
import java.util.List;
import java.util.Optional;
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
    this(watch, guards, notes, new DiskGuard(guards, notes));
  }

  private ServerGuard(SourceWatch watch, Guards guards, Consumer<String> notes, DiskGuard disk) {
    this.watch = watch;
    this.log = new LogGuard(guards, watch.retainedLogLimitBytes(), watch.logExpiry(), notes);
    this.disk = disk;
  }

  /**
   * The guards of work that takes hardly any disk: one that is full is no reason to give it up, but
   * a reason to say what would make room.
   */
  public static ServerGuard ofFollowing(
      SourceWatch watch, Guards guards, Consumer<String> notes, String whatMakesRoom) {
    return new ServerGuard(
        watch, guards, notes, new DiskGuard(guards, notes, Optional.of(whatMakesRoom)));
  }

  /**
   * Looks; called about once a second, on the thread that the watch belongs to.
   *
   * @throws io.zdmosc.engine.error.MigrationFailedException when a limit is reached
   */
  public void look() {
    log.look(watch.writtenLogBytes(), watch.keptLogBytes(), watch.neededLogAge());
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
