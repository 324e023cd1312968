package io.zdmosc.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.concurrent.RunControl;
import io.zdmosc.engine.copy.Frontier;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.ChangeListener;
import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.engine.spi.Chunk;
import io.zdmosc.engine.spi.CopyLayout;
import io.zdmosc.engine.spi.FlushResult;
import io.zdmosc.engine.spi.Flusher;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyLocation;
import io.zdmosc.engine.spi.KeyRange;
import io.zdmosc.engine.spi.Position;
import io.zdmosc.engine.spi.Settlement;
import io.zdmosc.engine.spi.SourceTransaction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FlushLoopTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final int MANY = 40_000;
  private static final int VERY_MANY = 200_000;

  private final RunControl control = new RunControl();
  private final Delta delta = new Delta(300_000);
  private final Set<Key> beingFlushed = ConcurrentHashMap.newKeySet();
  private final List<Key> flushedByTwo = Collections.synchronizedList(new ArrayList<>());
  private final Set<Key> flushed = ConcurrentHashMap.newKeySet();
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private int connections = Integer.MAX_VALUE;
  private volatile boolean failing;
  private volatile Error dying;
  private volatile Runnable beforeJoining = () -> {};
  private final List<String> closedBy = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger atWork = new AtomicInteger();
  private final AtomicReference<List<Key>> slow = new AtomicReference<>(List.of());
  private final CountDownLatch slowOne = new CountDownLatch(1);
  private FlushLoop loop;

  private final class Shadow implements Flusher {
    @Override
    public Settlement settlement() {
      return transaction -> true;
    }

    @Override
    public List<KeyLocation> locate(List<Key> keys, CopyLayout layout) {
      return Collections.nCopies(keys.size(), KeyLocation.COPIED);
    }

    @Override
    public FlushResult flush(List<Key> keys, boolean check) {
      if (failing) {
        throw new IllegalStateException("the flush has failed");
      }
      if (dying != null) {
        throw dying;
      }
      atWork.incrementAndGet();
      keys.stream().filter(key -> !beingFlushed.add(key)).forEach(flushedByTwo::add);
      flushed.addAll(keys);
      beingFlushed.removeAll(keys);
      atWork.decrementAndGet();
      return new FlushResult(keys.size(), List.of());
    }

    @Override
    public Optional<FlushResult> flushBeside(List<Key> keys, boolean check) {
      // the other one must be there by then, and shall not be the slow one
      if (Thread.currentThread().getName().equals("zdm-flush-1") && slow.get().isEmpty()) {
        slow.set(keys);
        beingFlushed.addAll(keys);
        await(slowOne);
        beingFlushed.removeAll(keys);
      }
      return Optional.of(flush(keys, check));
    }

    @Override
    public void removeUnmatched(List<Key> shadowKeys) {
      throw new UnsupportedOperationException("nothing is verified");
    }

    @Override
    public void close() {
      if (failing || dying != null) {
        await(slowOne); // as where the server does not answer
      }
      closedBy.add(Thread.currentThread().getName());
      opened.decrementAndGet();
    }
  }

  private static final class NoStream implements ChangeStream {
    @Override
    public void start(ChangeListener listener) {
      throw new UnsupportedOperationException("changes come from the test");
    }

    @Override
    public void acknowledge(Position position) {
      // nobody keeps a log
    }

    @Override
    public void writeFence(String token) {
      throw new UnsupportedOperationException("no fences");
    }

    @Override
    public void close() {
      // nothing is open
    }
  }

  private record Place(long number) implements Position {
    @Override
    public int compareTo(Position other) {
      return Long.compare(number, ((Place) other).number);
    }
  }

  private record Commit(Position position) implements SourceTransaction {
    @Override
    public Instant committedAt() {
      throw new UnsupportedOperationException("nobody asks when it was");
    }
  }

  @AfterEach
  void close() {
    slowOne.countDown();
    loop.close();
    assertThat(opened).as("flushers left open").hasValue(0);
  }

  @Test
  void othersJoinTheOneThatDoesNotKeepUpAndNoKeyIsFlushedByTwo() {
    change(0, VERY_MANY);
    start(4);
    until(() -> delta.waiting() <= 4 * FlushRounds.BATCH);
    assertThat(beingFlushed).as("the first one still has its batch").containsAll(slow.get());

    change(0, VERY_MANY);
    until(() -> delta.waiting() <= 4 * FlushRounds.BATCH);
    assertThat(slow.get()).isNotEmpty();
    assertThat(beingFlushed).containsAll(slow.get());
    slowOne.countDown();
    until(() -> delta.waiting() == 0);
    assertThat(flushedByTwo).isEmpty();
    assertThat(flushed).hasSize(VERY_MANY);
  }

  @Test
  void oneIsEnoughWhereThereIsLittleToDo() {
    start(4);
    change(1, 2 * FlushRounds.BATCH);
    until(() -> delta.waiting() == 0);
    assertThat(opened).hasValue(1);
  }

  @Test
  void onlyAsManyJoinAsThereMayBe() {
    change(0, MANY);
    start(1);
    until(() -> delta.waiting() == 0);
    assertThat(opened).hasValue(1);
  }

  @Test
  void whatTheServerHasNoConnectionForIsDoneWithout() {
    connections = 1;
    change(0, VERY_MANY);
    start(4);
    until(() -> delta.waiting() == 0);
    assertThat(flushed).hasSize(VERY_MANY);
    assertThat(refused).as("it is not asked for all the time").hasValueBetween(1, 20);
  }

  @Test
  void nobodyFlushesWhilePaused() {
    start(4);
    slowOne.countDown();
    for (int i = 0; i < 20; i++) {
      change(0, MANY);
      loop.pause();
      assertThat(atWork).hasValue(0);
      FlushLoop.Remainder remainder = loop.takeRemainder();
      assertThat(new HashSet<>(remainder.keys())).hasSize(remainder.keys().size());
      remainder.notFlushed();
      loop.resume();
    }
    until(() -> delta.waiting() == 0);
  }

  /** What the failed one had in its hand is neither flushed nor in the delta. */
  @Test
  void nothingIsPausedWhereAFlushHasFailed() {
    failing = true;
    assertThatThrownBy(this::pauseUntilFailed).hasMessage("the flush has failed");
  }

  /** The same: an error that nobody is prepared for. */
  @Test
  void nothingIsPausedWhereAFlushThreadHasDied() {
    dying = new NoClassDefFoundError("gone");
    assertThatThrownBy(this::pauseUntilFailed)
        .hasMessageContaining("thread zdm-flush-1 died")
        .hasCause(dying);
  }

  private void pauseUntilFailed() {
    change(0, 10);
    start(1);
    while (true) { // it may not have begun
      loop.pause();
      assertThat(delta.waiting()).isEqualTo(delta.free());
      loop.resume();
      control.sleep(Duration.ofMillis(5));
    }
  }

  /** The end comes while one more connection is being opened. */
  @Test
  void whoWouldJoinAfterTheEndIsClosedByWhoCalledIt() throws InterruptedException {
    Thread closer = new Thread(() -> loop.close());
    beforeJoining =
        () -> {
          closer.start();
          // in Thread.join, the only place where it waits: so it has closed the pool before
          until(() -> closer.getState() == Thread.State.WAITING);
        };
    change(0, MANY);
    start(4);
    until(() -> closedBy.size() == 2);
    closer.join();
    assertThat(closedBy).containsExactly("zdm-flush-1", "zdm-flush-1");
  }

  private void start(int most) {
    loop =
        new FlushLoop(
            this::open,
            () -> most,
            delta,
            new StreamFollower(new NoStream(), delta, control, () -> new RuntimeException()),
            new Frontier(List.of(new Chunk(1, new KeyRange(null, null)))),
            new KeyIndex(Optional.empty(), 1, 0, () -> false),
            Optional.empty(),
            control);
    loop.start();
  }

  private Flusher open() {
    if (opened.get() == connections) {
      refused.incrementAndGet();
      throw MigrationFailedException.passing("too many connections", "untouched", "wait", null);
    }
    if (opened.get() == 1) {
      beforeJoining.run();
    }
    opened.incrementAndGet();
    return new Shadow();
  }

  private void change(int from, int to) {
    for (int i = from; i < to; i++) {
      delta.add(Key.of(String.valueOf(i)), new Commit(new Place(i)));
    }
  }

  private void until(BooleanSupplier condition) {
    assertThat(control.await(condition, LONG)).isTrue();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
