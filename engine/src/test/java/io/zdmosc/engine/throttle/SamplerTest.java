package io.zdmosc.engine.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.concurrent.RunControl;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SamplerTest {
  private final RunControl control = new RunControl();
  private final CountDownLatch ended = new CountDownLatch(1);

  @Test
  void theRunHearsOfAnError() throws InterruptedException {
    Error error = new NoClassDefFoundError("gone");
    SampledSignal dying =
        new SampledSignal() {
          @Override
          protected Reading read() {
            throw error;
          }

          @Override
          protected String subject() {
            return "it";
          }
        };
    try (Sampler sampler = new Sampler("test", List.of(dying), ended::countDown, control)) {
      sampler.start();
      assertThat(ended.await(1, TimeUnit.MINUTES)).isTrue();
      assertThat(control.failure()).get().extracting(Throwable::getCause).isSameAs(error);
    }
  }
}
