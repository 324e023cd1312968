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

  private long millis(double at) {
    pressure = at;
    long begin = System.nanoTime();
    throttle.beforeChunk(control, 100);
    return (System.nanoTime() - begin) / 1_000_000;
  }

  @Test
  void restsLongerTheMorePressureThereIs() {
    assertThat(millis(0.5)).isLessThan(30);
    assertThat(throttle.reason()).isEmpty();
    assertThat(millis(0.75)).isBetween(95L, 300L);
    assertThat(throttle.reason()).isEqualTo("it is so (at 50 %)");
    assertThat(millis(0.9)).isBetween(390L, 900L);
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
    chunk.get(5, TimeUnit.SECONDS);
    assertThat(throttle.reason()).isEmpty();
  }
}
