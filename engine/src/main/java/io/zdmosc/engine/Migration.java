package io.zdmosc.engine;

import static java.util.Objects.requireNonNull;

import io.zdmosc.engine.concurrent.RunControl;
import io.zdmosc.engine.lifecycle.Lifecycle;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.Database;

/** One run of one migration, from plan to cut-over. */
public final class Migration {
  private final Database database;
  private final ChangeRequest request;
  private final RunOptions options;
  private final MigrationListener listener;
  private final RunControl control = new RunControl();

  public Migration(
      Database database, ChangeRequest request, RunOptions options, MigrationListener listener) {
    this.database = requireNonNull(database, "database is null");
    this.request = requireNonNull(request, "request is null");
    this.options = requireNonNull(options, "options is null");
    this.listener = requireNonNull(listener, "listener is null");
  }

  /**
   * Runs the migration on the calling thread until it has ended.
   *
   * @throws io.zdmosc.engine.error.ZdmException however it ended other than well; what its state
   *     says is cleaned up by then
   */
  public Summary run() {
    return new Lifecycle(database, options, listener, control).run(request);
  }

  /**
   * Asks a running migration to stop cleanly; {@link #run} then throws {@link
   * io.zdmosc.engine.error.AbortedException} unless the new table serves already. Returns at once.
   */
  public void abort() {
    control.abort();
  }
}
