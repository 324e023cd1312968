package io.zdmosc.harness.durable;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.copy.Frontier;
import io.zdmosc.engine.spi.Chunk;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyRange;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a frontier knows that goes on from the records of chunks. */
class RestoredFrontierTest {
  @Test
  void nothingCopiedIsANewOne() {
    Frontier frontier = new Frontier(List.of());
    assertThat(frontier.gaps()).isEmpty();
    assertThat(frontier.layout().frontier()).isEmpty();
    assertThat(frontier.isComplete()).isFalse();
    assertThat(frontier.advance(Optional.of(key(9)))).isEqualTo(chunk(1, null, key(9)));
  }

  @Test
  void goesOnBehindTheLastChunk() {
    Frontier frontier = new Frontier(List.of(chunk(2, key(3), key(7)), chunk(1, null, key(3))));
    assertThat(frontier.gaps()).isEmpty();
    assertThat(frontier.layout().frontier()).contains(key(7));
    assertThat(frontier.layout().inFlight()).isEmpty();
    assertThat(frontier.last()).contains(key(7));
    assertThat(frontier.advance(Optional.empty())).isEqualTo(chunk(3, key(7), null));
  }

  @Test
  void whatLiesBetweenIsInFlightUntilItIsCopied() {
    // 1 and 2 were lost, and so were 4 and 5, and whatever came behind 6
    Frontier frontier =
        new Frontier(List.of(chunk(3, key(20), key(30)), chunk(6, key(50), key(60))));
    assertThat(frontier.gaps())
        .containsExactly(chunk(1, null, key(20)), chunk(4, key(30), key(50)));
    assertThat(frontier.layout().inFlight())
        .containsExactly(new KeyRange(null, key(20)), new KeyRange(key(30), key(50)));
    assertThat(frontier.layout().frontier()).contains(key(60));
    assertThat(frontier.ranges())
        .containsExactly(
            new KeyRange(null, key(20)),
            new KeyRange(key(20), key(30)),
            new KeyRange(key(30), key(50)),
            new KeyRange(key(50), key(60)));
    frontier.committed(chunk(4, key(30), key(50)));
    assertThat(frontier.layout().inFlight()).containsExactly(new KeyRange(null, key(20)));
  }

  @Test
  void aFilledGapIsNoneTheNextTime() {
    Frontier frontier =
        new Frontier(
            List.of(
                chunk(1, null, key(20)),
                chunk(3, key(20), key(30)),
                chunk(4, key(30), key(50)),
                chunk(6, key(50), null)));
    assertThat(frontier.gaps()).isEmpty();
    assertThat(frontier.isComplete()).isTrue();
    assertThat(frontier.layout().allCopied()).isTrue();
  }

  @Test
  void completeWithAGapIsNotAllCopied() {
    Frontier frontier = new Frontier(List.of(chunk(1, null, key(2)), chunk(3, key(5), null)));
    assertThat(frontier.isComplete()).isTrue();
    assertThat(frontier.layout().allCopied()).isFalse();
    frontier.committed(frontier.gaps().get(0));
    assertThat(frontier.layout().allCopied()).isTrue();
  }

  private static Chunk chunk(long number, Key lower, Key upper) {
    return new Chunk(number, new KeyRange(lower, upper));
  }

  private static Key key(int value) {
    return Key.of(Integer.toString(value));
  }
}
