package io.zdmosc.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.Position;
import io.zdmosc.engine.spi.SourceTransaction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeltaTest {
  private static final int TRIES = 3;

  private static final SourceTransaction COMMIT =
      new SourceTransaction() {
        @Override
        public Position position() {
          throw new UnsupportedOperationException("nobody asks where it stands");
        }

        @Override
        public Instant committedAt() {
          throw new UnsupportedOperationException("nobody asks when it was");
        }
      };

  private final Delta delta = new Delta(100);

  @Test
  void nothingIsCalledStuckWhileAnOlderChangeMayStillBeFlushed() {
    add("1");
    add("2");
    long mark = delta.mark();
    add("3");
    List<DeltaEntry> batch = delta.take(1);
    for (int i = 0; i < TRIES; i++) {
      batch.get(0).conflict("meets another row");
    }
    delta.putBack(batch, Duration.ofHours(1));
    assertThat(delta.isFlushedOrStuckUpTo(mark, TRIES)).as("2 has not been tried").isFalse();

    List<DeltaEntry> second = delta.take(1);
    assertThat(delta.isFlushedOrStuckUpTo(mark, TRIES)).as("2 is being flushed").isFalse();
    delta.done(second);

    assertThat(delta.isFlushedOrStuckUpTo(mark, TRIES)).as("3 came after the mark").isTrue();
    assertThat(delta.isFlushedOrStuckUpTo(mark, TRIES + 1)).as("1 is tried again").isFalse();
    assertThat(delta.isFlushedUpTo(mark)).isFalse();
  }

  private void add(String key) {
    delta.add(Key.of(key), COMMIT);
  }
}
