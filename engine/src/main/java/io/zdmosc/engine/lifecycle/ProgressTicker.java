package io.zdmosc.engine.lifecycle;

import io.zdmosc.engine.concurrent.RunControl;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.progress.Progress;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the listener how things stand, four times a second, on a thread of its own. When it cannot
 * be told any more, as on a terminal that has gone, the run goes on without, and the log says why.
 */
final class ProgressTicker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProgressTicker.class);
  private static final Duration INTERVAL = Duration.ofMillis(250);

  private final Supplier<Progress> present;
  private final MigrationListener listener;
  private final RunControl own = new RunControl();
  private final Thread thread = new Thread(this::run, "zdm-progress");

  ProgressTicker(Supplier<Progress> present, MigrationListener listener) {
    this.present = present;
    this.listener = listener;
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        own.sleep(INTERVAL);
        listener.onProgress(present.get());
      }
    } catch (RunControl.StopRequested e) {
      return; // closed
    } catch (RuntimeException | Error e) {
      LOG.warn("progress is not shown any more", e);
    }
  }

  @Override
  public void close() {
    own.abort();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
