package io.zdmosc.engine.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WorkersTest {
  private final RunControl control = new RunControl();
  private final AtomicInteger atWork = new AtomicInteger();
  private final AtomicInteger made = new AtomicInteger();
  private final Error error = new OutOfMemoryError("unable to create native thread");

  private void work() {
    atWork.incrementAndGet();
    try {
      control.sleep(Duration.ofMinutes(10));
    } finally {
      atWork.decrementAndGet();
    }
  }

  @Test
  void thoseThatAreThereAreWaitedForWhenOneCannotBeStarted() {
    assertThatThrownBy(() -> Workers.run("test", 3, control, this::work, this::thread))
        .hasCause(error);
    assertThat(made).hasValue(2);
    assertThat(atWork).hasValue(0);
  }

  @Test
  void anErrorOfOneEndsAllAndIsTold() {
    assertThatThrownBy(
            () ->
                Workers.run(
                    "test",
                    3,
                    control,
                    () -> {
                      if (Thread.currentThread().getName().endsWith("2")) {
                        throw error;
                      }
                      work();
                    }))
        .hasCause(error);
    assertThat(atWork).hasValue(0);
  }

  /** The first one waits until its work has begun, so that there is somebody to wait for. */
  private Thread thread(Runnable work) {
    boolean first = made.incrementAndGet() == 1;
    return new Thread(work) {
      @Override
      public synchronized void start() {
        if (!first) {
          throw error;
        }
        super.start();
        while (atWork.get() == 0) {
          Thread.onSpinWait();
        }
      }
    };
  }
}
