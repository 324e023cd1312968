package io.zdmosc.engine.lifecycle;

import io.zdmosc.engine.concurrent.ThreadFailure;
import io.zdmosc.engine.spi.PreparedChange;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Refreshes the shadow table's statistics while verification goes on. */
final class StatisticsTask {
  private final CompletableFuture<Void> done;

  StatisticsTask(PreparedChange change) {
    done =
        CompletableFuture.runAsync(
            change::refreshStatistics,
            work -> {
              Thread thread = new Thread(work, "zdm-statistics");
              thread.setDaemon(true);
              thread.start();
            });
  }

  /** Waits for the end; throws what went wrong. */
  void await() {
    try {
      done.join();
    } catch (CompletionException e) {
      throw ThreadFailure.of(e.getCause());
    }
  }
}
