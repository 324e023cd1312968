package io.zdmosc.engine.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.error.MigrationFailedException;
import org.junit.jupiter.api.Test;

class ThreadFailureTest {
  @Test
  void aFailureIsToldAsItIs() {
    RuntimeException failure = new IllegalStateException("broke");
    assertThat(ThreadFailure.of(failure)).isSameAs(failure);
  }

  @Test
  void memoryThatHasRunOutIsNoBugAndHasARemedy() {
    Error error = new OutOfMemoryError("Java heap space");
    assertThat(ThreadFailure.of(error))
        .isInstanceOfSatisfying(
            MigrationFailedException.class,
            failure -> {
              assertThat(failure).hasMessageContaining("Java heap space").hasCause(error);
              assertThat(failure.next()).contains("ZDM_OSC_JAVA_OPTS");
              assertThat(failure.isPassing()).isFalse();
            });
  }

  @Test
  void anyOtherErrorIsToldWithItsThread() {
    Error error = new NoClassDefFoundError("gone");
    assertThat(ThreadFailure.of(error))
        .hasMessageContaining(Thread.currentThread().getName())
        .hasMessageContaining("gone")
        .hasCause(error);
  }
}
