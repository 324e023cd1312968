package io.zdmosc.engine.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.concurrent.RunControl;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ThrottleTest {
  private final RunControl control = new RunControl();
  private volatile double pressure;
  private final ThrottleSignal signal =
      new ThrottleSignal() {
        @Override
        public double pressure() {
          return pressure;
        }

        @Override
        public String reason() {
          return "it is so";
        }
      };
  private final Throttle throttle = new Throttle(List.of(signal));

  /** The shortest rest of several: one may be held up by whatever else the machine has to do. */
  private long millis(double at) {
    pressure = at;
    long shortest = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      long begin = System.nanoTime();
      throttle.beforeChunk(control, 100);
      shortest = Math.min(shortest, (System.nanoTime() - begin) / 1_000_000);
    }
    return shortest;
  }

  @Test
  void restsLongerTheMorePressureThereIs() {
    assertThat(millis(0.5)).isLessThan(90);
    assertThat(throttle.reason()).isEmpty();
    assertThat(millis(0.75)).isBetween(95L, 385L);
    assertThat(throttle.reason()).isEqualTo("it is so (at 50 %)");
    assertThat(millis(0.9)).isBetween(390L, 2_000L);
    assertThat(throttle.reason()).isEqualTo("it is so (at 20 %)");
  }

  @Test
  void standsStillAtTheLimitAndGoesOnBelowIt() throws Exception {
    pressure = 1;
    CompletableFuture<Void> chunk =
        CompletableFuture.runAsync(() -> throttle.beforeChunk(control, 10));
    Thread.sleep(150);
    assertThat(chunk).isNotDone();
    assertThat(throttle.reason()).isEqualTo("it is so (stopped)");
    pressure = 0;
    chunk.get(60, TimeUnit.SECONDS);
    assertThat(throttle.reason()).isEmpty();
  }
}
