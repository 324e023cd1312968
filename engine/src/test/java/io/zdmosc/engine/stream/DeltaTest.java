package io.zdmosc.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.Position;
import io.zdmosc.engine.spi.SourceTransaction;
import io.zdmosc.engine.spi.WaitingKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeltaTest {
  private static final int TRIES = 3;

  private record Place(int number) implements Position {
    @Override
    public int compareTo(Position other) {
      return Integer.compare(number, ((Place) other).number);
    }
  }

  private record Commit(Position position) implements SourceTransaction {
    @Override
    public Instant committedAt() {
      throw new UnsupportedOperationException("nobody asks when it was");
    }
  }

  private final Delta delta = new Delta(100);
  private final Map<Long, Key> recorded = new HashMap<>();
  private final KeptKeys kept = new KeptKeys(Optional.of(new InMemory()), delta);
  private int commits;

  private final class InMemory implements WaitingKeys {
    @Override
    public Map<Long, Key> read() {
      return recorded;
    }

    @Override
    public void add(Map<Long, Key> keys) {
      recorded.putAll(keys);
    }

    @Override
    public void remove(Collection<Long> numbers) {
      recorded.keySet().removeAll(numbers);
    }

    @Override
    public void close() {
      // nothing is open
    }
  }

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

  @Test
  void aKeyThatIsKeptAndChangesAgainNeedsTheLogFromThatChangeOn() {
    keep("1");
    assertThat(delta.oldestPosition()).isEmpty();

    add("1");
    delta.putBack(delta.take(1), Duration.ofHours(1)); // its commit is not visible yet
    assertThat(delta.oldestPosition()).contains(new Place(2));
  }

  @Test
  void theOldestIsTheOneThatStandsFirstInTheLog() {
    delta.restore(Key.of("1"));
    add("2");
    add("1");
    delta.putBack(delta.take(3), Duration.ofHours(1));
    delta.putBack(delta.take(3), Duration.ofHours(1));

    assertThat(delta.size()).as("both changes of 1 are one entry").isEqualTo(2);
    assertThat(delta.oldestPosition()).contains(new Place(1));
  }

  @Test
  void thePlaceNeverGoesBackWhenAKeptKeyIsFlushed() {
    keep("1");
    add("2");
    add("1");
    List<DeltaEntry> batch = delta.take(2);
    assertThat(delta.oldestPosition()).contains(new Place(2));
    kept.forget(batch);
    delta.done(batch);

    assertThat(recorded).isEmpty();
    assertThat(delta.oldestPosition()).as("that flush has read the row since").isEmpty();
  }

  @Test
  void aKeyIsInOneHandAtATime() {
    add("1");
    add("2");
    List<DeltaEntry> one = delta.take(1);
    add("1");
    List<DeltaEntry> other = delta.take(10);
    assertThat(keys(one)).containsExactly(Key.of("1"));
    assertThat(keys(other)).as("1 is being flushed").containsExactly(Key.of("2"));

    delta.putBack(other, Duration.ZERO);
    delta.done(one);
    assertThat(keys(delta.take(10))).containsExactlyInAnyOrder(Key.of("1"), Key.of("2"));
  }

  private static List<Key> keys(List<DeltaEntry> entries) {
    return entries.stream().map(entry -> entry.key).toList();
  }

  /** As the flush does with what it has tried for long. */
  private void keep(String key) {
    add(key);
    List<DeltaEntry> batch = delta.take(1);
    kept.keep(batch);
    delta.putBack(batch, Duration.ofHours(1));
    assertThat(recorded).containsValue(Key.of(key));
  }

  private void add(String key) {
    delta.add(Key.of(key), new Commit(new Place(++commits)));
  }
}
