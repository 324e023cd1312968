package io.zdmosc.engine.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.error.MigrationFailedException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class CrewTest {
  private final RunControl control = new RunControl();
  private final AtomicInteger wanted = new AtomicInteger(2);
  private final AtomicInteger atWork = new AtomicInteger();
  private volatile boolean more = true;

  /** Works until there is nothing more to do, or its seat is lost. */
  private void work(Crew.Seat seat) {
    atWork.incrementAndGet();
    try {
      while (more && seat.isKept()) {
        control.sleep(Duration.ofMillis(1));
      }
    } finally {
      atWork.decrementAndGet();
    }
  }

  private CompletableFuture<Void> start() {
    return CompletableFuture.runAsync(new Crew("test", wanted::get, control, this::work)::run);
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 50_000 && !condition.getAsBoolean(); i++) {
      Thread.sleep(1);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  @Test
  void growsAndShrinksAsIsWanted() throws Exception {
    CompletableFuture<Void> end = start();
    await(() -> atWork.get() == 2);
    wanted.set(9);
    await(() -> atWork.get() == 9);
    wanted.set(3);
    await(() -> atWork.get() == 3);
    wanted.set(0);
    await(() -> atWork.get() == 1);
    Thread.sleep(50);
    assertThat(atWork).hasValue(1);
    wanted.set(4);
    await(() -> atWork.get() == 4);
    more = false;
    end.get(60, TimeUnit.SECONDS);
    assertThat(atWork).hasValue(0);
  }

  @Test
  void losesNoPieceWhileItsSizeChanges() throws Exception {
    int pieces = 20_000;
    AtomicInteger next = new AtomicInteger();
    Set<Integer> done = ConcurrentHashMap.newKeySet();
    Crew crew =
        new Crew(
            "test",
            () -> 1 + next.get() / 100 % 8,
            control,
            seat -> {
              while (seat.isKept()) {
                int piece = next.getAndIncrement();
                if (piece >= pieces) {
                  return;
                }
                done.add(piece);
              }
            });
    crew.run();
    assertThat(done).hasSize(pieces);
  }

  @Test
  void failureOfOneEndsAllAndIsThrown() {
    Crew crew =
        new Crew(
            "test",
            () -> 3,
            control,
            seat -> {
              if (Thread.currentThread().getName().endsWith("2")) {
                throw new IllegalStateException("broke");
              }
              work(seat);
            });
    assertThatThrownBy(crew::run).isInstanceOf(IllegalStateException.class).hasMessage("broke");
    assertThat(atWork).hasValue(0);
  }

  @Test
  void anErrorOfOneEndsAllAndIsTold() {
    Error error = new NoClassDefFoundError("gone");
    Crew crew =
        new Crew(
            "test",
            () -> 3,
            control,
            seat -> {
              if (Thread.currentThread().getName().endsWith("2")) {
                throw error;
              }
              work(seat);
            });
    assertThatThrownBy(crew::run).hasMessageContaining("zdm-test-2 died").hasCause(error);
    assertThat(atWork).hasValue(0);
  }

  @Test
  void thoseThatAreThereAreWaitedForWhenNoMoreCanBeStarted() {
    Thread caller = Thread.currentThread();
    Error error = new OutOfMemoryError("unable to create native thread");
    Crew crew =
        new Crew(
            "test",
            () -> {
              if (Thread.currentThread() == caller && atWork.get() > 0) {
                throw error;
              }
              return 1;
            },
            control,
            this::work);
    assertThatThrownBy(crew::run)
        .isInstanceOf(MigrationFailedException.class)
        .hasMessageContaining("no room left in memory")
        .hasCause(error);
    assertThat(atWork).hasValue(0);
  }

  @Test
  void endsWhenTheRunIsStopped() throws Exception {
    CompletableFuture<Void> end = start();
    await(() -> atWork.get() == 2);
    control.abort();
    assertThatThrownBy(() -> end.get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(RunControl.StopRequested.class);
    assertThat(atWork).hasValue(0);
  }
}
