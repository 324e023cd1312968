package io.zdmosc.engine.lifecycle;

import io.zdmosc.engine.concurrent.RunControl;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.progress.Progress;
import java.time.Duration;
import java.util.function.Supplier;

/** Tells the listener how things stand, four times a second, on a thread of its own. */
final class ProgressTicker implements AutoCloseable {
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
