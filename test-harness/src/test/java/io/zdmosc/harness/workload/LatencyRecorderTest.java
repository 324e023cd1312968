package io.zdmosc.harness.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LatencyRecorderTest {
  @Test
  void quantilesAreRightToASixteenth() {
    LatencyRecorder recorder = new LatencyRecorder();
    for (int millis = 1; millis <= 1000; millis++) {
      recorder.record(millis * 1_000_000L);
    }
    LatencySummary summary = recorder.summary();
    assertThat(summary.count()).isEqualTo(1000);
    assertThat(summary.p50Millis()).isCloseTo(500, within(500 / 16.0 + 1));
    assertThat(summary.p99Millis()).isCloseTo(990, within(990 / 16.0 + 1));
    assertThat(summary.maxMillis()).isEqualTo(1000);
  }

  @Test
  void sumsKeepTheLongestStall() {
    LatencyRecorder all = new LatencyRecorder();
    LatencyRecorder one = new LatencyRecorder();
    one.record(5_000_000);
    all.record(1_000_000);
    all.add(one);
    assertThat(all.summary().maxMillis()).isEqualTo(5);
    assertThat(all.summary().longestBegan()).isEqualTo(one.summary().longestBegan());
  }

  @Test
  void nothingRecordedIsZero() {
    assertThat(new LatencyRecorder().summary().p99Millis()).isZero();
  }
}
