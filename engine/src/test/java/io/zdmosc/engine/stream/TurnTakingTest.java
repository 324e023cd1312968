package io.zdmosc.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.spi.CopyLayout;
import io.zdmosc.engine.spi.FlushResult;
import io.zdmosc.engine.spi.Flusher;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyLocation;
import io.zdmosc.engine.spi.Settlement;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TurnTakingTest {
  private static final List<Key> KEYS = List.of(Key.of("1"));
  private static final FlushResult DONE = new FlushResult(1, List.of());

  private final TurnTaking turns = new TurnTaking();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final CountDownLatch gaveWay = new CountDownLatch(1);
  private final AtomicInteger besides = new AtomicInteger();
  private final AtomicInteger alone = new AtomicInteger();

  /** One that meets rows of others whenever it is beside them. */
  private class Meeting implements Flusher {
    @Override
    public Settlement settlement() {
      throw new UnsupportedOperationException("only flushes");
    }

    @Override
    public List<KeyLocation> locate(List<Key> keys, CopyLayout layout) {
      throw new UnsupportedOperationException("only flushes");
    }

    @Override
    public FlushResult flush(List<Key> keys, boolean check) {
      alone.incrementAndGet();
      return DONE;
    }

    @Override
    public Optional<FlushResult> flushBeside(List<Key> keys, boolean check) {
      besides.incrementAndGet();
      gaveWay.countDown();
      return Optional.empty();
    }

    @Override
    public void removeUnmatched(List<Key> shadowKeys) {
      throw new UnsupportedOperationException("only flushes");
    }

    @Override
    public void close() {
      // nothing is open
    }
  }

  private final class Slow extends Meeting {
    @Override
    public Optional<FlushResult> flushBeside(List<Key> keys, boolean check) {
      begun.countDown();
      await(released);
      return Optional.of(DONE);
    }
  }

  @Test
  void whoMeetsTheRowsOfAnotherWaitsUntilThatOneIsDone() throws Exception {
    CompletableFuture<FlushResult> slow =
        CompletableFuture.supplyAsync(() -> turns.flush(new Slow(), KEYS, false, true));
    await(begun);
    CompletableFuture<FlushResult> meeting =
        CompletableFuture.supplyAsync(() -> turns.flush(new Meeting(), KEYS, false, true));
    await(gaveWay);
    Thread.sleep(200);
    assertThat(alone).as("the other one is still at it").hasValue(0);

    released.countDown();
    assertThat(slow.get(20, TimeUnit.SECONDS)).isEqualTo(DONE);
    assertThat(meeting.get(20, TimeUnit.SECONDS)).isEqualTo(DONE);
    assertThat(alone).hasValue(1);
  }

  @Test
  void whereRowsMetTheNextBatchesAreNotTriedBesideOthers() {
    for (int batch = 0; batch < 10; batch++) {
      turns.flush(new Meeting(), KEYS, false, true);
    }
    assertThat(besides).as("the first, and the one behind eight alone").hasValue(2);
    assertThat(alone).hasValue(10);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
