package io.zdmosc.harness.rules;

import java.util.concurrent.CompletableFuture;

/** Work on a thread of its own: it blocks, which a common pool would not bear. */
final class Background {

  private Background() {}

  /** Work that may fail in any way. */
  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }

  static CompletableFuture<Void> run(Work work) {
    CompletableFuture<Void> end = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
                end.complete(null);
              } catch (Throwable e) {
                end.completeExceptionally(e);
              }
            },
            "application under test");
    thread.setDaemon(true);
    thread.start();
    return end;
  }
}
