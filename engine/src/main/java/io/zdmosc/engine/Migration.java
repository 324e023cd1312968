package io.zdmosc.engine;

import static java.util.Objects.requireNonNull;

import io.zdmosc.engine.concurrent.RunControl;
import io.zdmosc.engine.lifecycle.Lifecycle;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.Database;
import java.util.OptionalLong;

/** One run of one migration, from plan to cut-over, or the rest of one that broke off. */
public final class Migration {
  /** What is asked of the lifecycle. */
  private interface Work {
    Summary on(Lifecycle lifecycle);
  }

  private final Database database;
  private final MigrationListener listener;
  private final Work work;
  private final RunControl control = new RunControl();

  public Migration(
      Database database, ChangeRequest request, RunOptions options, MigrationListener listener) {
    this(database, request, options, OptionalLong.empty(), listener);
  }

  /** A migration for an entry of the schedule, which never has a second one. */
  public Migration(
      Database database,
      ChangeRequest request,
      RunOptions options,
      OptionalLong scheduleEntry,
      MigrationListener listener) {
    this(
        database,
        listener,
        lifecycle ->
            lifecycle.run(
                requireNonNull(request, "request is null"),
                requireNonNull(options, "options is null"),
                scheduleEntry));
  }

  private Migration(Database database, MigrationListener listener, Work work) {
    this.database = requireNonNull(database, "database is null");
    this.listener = requireNonNull(listener, "listener is null");
    this.work = work;
  }

  /**
   * The rest of a migration whose process has ended, with the options that it was begun with.
   *
   * @param takeOver also from a process that still holds its lease
   */
  public static Migration unfinished(
      Database database, long migrationId, boolean takeOver, MigrationListener listener) {
    return new Migration(database, listener, lifecycle -> lifecycle.resume(migrationId, takeOver));
  }

  /**
   * The rest of a migration whose new table serves, for which a rollback was ordered: it ends when
   * that is done, or refused.
   */
  public static Migration rollback(
      Database database, long migrationId, MigrationListener listener) {
    return new Migration(database, listener, lifecycle -> lifecycle.rollBack(migrationId));
  }

  /**
   * Runs the migration on the calling thread until it has ended.
   *
   * @throws io.zdmosc.engine.error.ZdmException however it ended other than well; what its state
   *     says is cleaned up by then
   */
  public Summary run() {
    return work.on(new Lifecycle(database, listener, control));
  }

  /**
   * Asks a running migration to stop cleanly; {@link #run} then throws {@link
   * io.zdmosc.engine.error.AbortedException} unless the new table serves already. Returns at once.
   */
  public void abort() {
    control.abort();
  }

  /**
   * Asks a running migration to stop and to leave everything as it is, so that another process can
   * go on with it; {@link #run} then throws {@link io.zdmosc.engine.error.SuspendedException}
   * unless the new table serves already. A dry run is stopped as by {@link #abort}. Returns at
   * once.
   */
  public void suspend() {
    control.suspend();
  }
}
