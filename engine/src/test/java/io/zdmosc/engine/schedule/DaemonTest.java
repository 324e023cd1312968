package io.zdmosc.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.schedule.Daemon.Result;
import io.zdmosc.engine.schedule.Daemon.Until;
import io.zdmosc.engine.schedule.EntryOutcome.End;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DaemonTest {
  private final MemorySchedule memory = new MemorySchedule();
  private final Map<Long, List<End>> script = new ConcurrentHashMap<>();
  private final List<Long> begun = Collections.synchronizedList(new ArrayList<>());
  private final List<String> trouble = Collections.synchronizedList(new ArrayList<>());
  private final Set<Long> following = ConcurrentHashMap.newKeySet();
  private final AtomicInteger atWork = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final Map<Long, Error> deaths = new ConcurrentHashMap<>();
  private final List<EntryOutcome> outcomes = Collections.synchronizedList(new ArrayList<>());
  private final List<List<Long>> looks = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean holding;
  private volatile CountDownLatch released = new CountDownLatch(1);
  private volatile Instant now = Instant.parse("2026-11-22T00:00:00Z");
  private Daemon daemon;

  @AfterEach
  void stop() {
    released.countDown();
    if (daemon != null) {
      daemon.stop();
    }
  }

  @Test
  void carriesOutOneAfterAnotherUntilNothingIsLeft() {
    long last = memory.add("a", 0);
    long first = memory.add("b", 3);
    long failing = memory.add("c", 2);
    script.put(failing, List.of(End.FAILED));

    Result result = daemon(1, Until.EMPTY).run();

    assertThat(result).isEqualTo(new Result(2, 1, 0, false));
    assertThat(begun).containsExactly(first, failing, last);
    assertThat(most).hasValue(1);
    assertThat(memory.leased()).isEmpty();
  }

  @Test
  void carriesOutSeveralAtATimeButOneOfATable() throws Exception {
    holding = true;
    memory.add("a", 0);
    long sameTable = memory.add("a", 0);
    memory.add("b", 0);
    memory.add("c", 0);
    CompletableFuture<Result> end = start(daemon(2, Until.EMPTY));

    await(() -> begun.size() == 2);
    Thread.sleep(300);
    assertThat(begun).hasSize(2).doesNotContain(sameTable);
    released.countDown();

    assertThat(end.get(20, TimeUnit.SECONDS)).isEqualTo(new Result(4, 0, 0, false));
    assertThat(most).hasValue(2);
  }

  @Test
  void whatIsOnlyFollowedTakesNoPlace() throws Exception {
    holding = true;
    long held = memory.add("a", 1);
    long next = memory.add("b", 0);
    CompletableFuture<Result> end = start(daemon(1, Until.EMPTY));
    await(() -> begun.contains(held));
    Thread.sleep(300);
    assertThat(begun).containsExactly(held);

    following.add(held);
    await(() -> begun.contains(next));
    assertThat(end.isDone()).isFalse();
    released.countDown();

    assertThat(end.get(20, TimeUnit.SECONDS)).isEqualTo(new Result(2, 0, 0, false));
  }

  @Test
  void comesBackToWhatSomethingStoodInTheWayOf() throws Exception {
    long stubborn = memory.add("a", 0);
    long other = memory.add("b", 0);
    script.put(stubborn, new ArrayList<>(List.of(End.LATER, End.LATER)));
    CompletableFuture<Result> end = start(daemon(1, Until.EMPTY));

    await(() -> begun.size() == 2);
    Thread.sleep(300);
    assertThat(begun).containsExactly(stubborn, other);
    now = now.plusSeconds(6);
    await(() -> begun.size() == 3);
    awaitRest(); // or the pause would begin later than the clock says here
    now = now.plusSeconds(6); // the second pause is twice as long
    Thread.sleep(300);
    assertThat(begun).hasSize(3);
    now = now.plusSeconds(5);

    assertThat(end.get(20, TimeUnit.SECONDS)).isEqualTo(new Result(2, 0, 0, false));
    assertThat(begun).containsExactly(stubborn, other, stubborn, stubborn);
  }

  /** Waits until the daemon has looked once more, with nothing in its hand. */
  private void awaitRest() throws InterruptedException {
    int before = looks.size();
    await(() -> looks.size() > before && looks.get(looks.size() - 1).isEmpty());
  }

  @Test
  void triesOnceWhatMayBeginAtItsStart() {
    long stubborn = memory.add("a", 0);
    long sameTable = memory.add("a", 0);
    long later =
        memory.schedule().add(MemorySchedule.order("c", 0, Optional.of(now.plusSeconds(60)))).id();
    script.put(stubborn, List.of(End.LATER));

    assertThat(daemon(1, Until.ONCE).run()).isEqualTo(new Result(1, 0, 1, false));
    assertThat(begun).containsExactly(stubborn, sameTable).doesNotContain(later);
  }

  @Test
  void stopsWithoutEndingWhatIsUnderWay() throws Exception {
    holding = true;
    long first = memory.add("a", 0);
    memory.add("b", 0);
    CompletableFuture<Result> end = start(daemon(1, Until.STOPPED));
    await(() -> begun.contains(first));

    daemon.stop();

    assertThat(end.get(20, TimeUnit.SECONDS)).isEqualTo(new Result(0, 0, 1, true));
    assertThat(begun).containsExactly(first);
    assertThat(memory.get(first).state().hasEnded()).isFalse();
    assertThat(memory.leased()).isEmpty();
  }

  @Test
  void servesOnWhenTheScheduleCouldNotBeRead() throws Exception {
    long entry = memory.add("a", 0);
    memory.broken(true);
    CompletableFuture<Result> end = start(daemon(1, Until.EMPTY));
    await(() -> trouble.size() > 1);
    assertThat(begun).isEmpty();
    memory.broken(false);
    assertThat(end.get(20, TimeUnit.SECONDS)).isEqualTo(new Result(1, 0, 0, false));
    assertThat(begun).containsExactly(entry);
    memory.broken(true);
    assertThatThrownBy(() -> daemon(1, Until.ONCE).run())
        .isInstanceOf(MigrationFailedException.class);
  }

  @Test
  void twoOnOneScheduleNeverTakeTheSame() throws Exception {
    for (int i = 0; i < 40; i++) {
      memory.add("table" + i, 0);
    }
    Daemon one = daemon(3, Until.EMPTY);
    Daemon other = daemon(3, Until.EMPTY);
    CompletableFuture<Result> first = start(one);
    CompletableFuture<Result> second = start(other);
    int done = first.get(60, TimeUnit.SECONDS).done() + second.get(60, TimeUnit.SECONDS).done();
    assertThat(done).isEqualTo(40);
    assertThat(begun).hasSize(40).doesNotHaveDuplicates();
    assertThat(Set.copyOf(begun)).hasSize(40);
  }

  @Test
  void anErrorInTheWorkIsToldAndTheTableIsFreeAgain() {
    long dying = memory.add("a", 1);
    long sameTable = memory.add("a", 0);
    deaths.put(dying, new NoClassDefFoundError("gone"));

    assertThat(daemon(1, Until.ONCE).run()).isEqualTo(new Result(1, 0, 1, false));
    assertThat(begun).containsExactly(dying, sameTable);
    assertThat(outcomes.get(0).end()).isEqualTo(End.LATER);
    assertThat(outcomes.get(0).words()).contains("NoClassDefFoundError: gone");
    assertThat(memory.leased()).isEmpty();
  }

  private Daemon daemon(int parallel, Until until) {
    daemon =
        new Daemon(
            Work::new,
            memory.schedule(),
            new Daemon.Settings(parallel, Duration.ofMillis(100), until),
            new DaemonListener() {
              @Override
              public void onLook(List<ScheduleEntry> entries, List<Long> inHand) {
                looks.add(inHand);
              }

              @Override
              public void onOutcome(ScheduleEntry entry, EntryOutcome outcome) {
                outcomes.add(outcome);
              }

              @Override
              public void onTrouble(RuntimeException e) {
                trouble.add(e.getMessage());
              }
            },
            () -> now);
    return daemon;
  }

  private static CompletableFuture<Result> start(Daemon daemon) {
    return CompletableFuture.supplyAsync(daemon::run);
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(until);
      Thread.sleep(5);
    }
  }

  /** Comes to what the script says, or is done; writes it as real work does. */
  private final class Work implements EntryWork {
    private final ScheduleEntry entry;
    private final CountDownLatch suspended = new CountDownLatch(1);

    private Work(ScheduleEntry entry) {
      this.entry = entry;
    }

    @Override
    public EntryOutcome run() {
      most.accumulateAndGet(atWork.incrementAndGet(), Math::max);
      begun.add(entry.id());
      try {
        Error death = deaths.get(entry.id());
        if (death != null) {
          throw death;
        }
        while (holding && released.getCount() > 0) {
          if (suspended.await(10, TimeUnit.MILLISECONDS)) {
            return new EntryOutcome(End.SUSPENDED, "");
          }
        }
        return new EntryOutcome(write(), "");
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      } finally {
        atWork.decrementAndGet();
      }
    }

    private End write() {
      List<End> ends = script.getOrDefault(entry.id(), List.of());
      End end = ends.isEmpty() ? End.DONE : ends.get(0);
      if (!ends.isEmpty()) {
        script.put(entry.id(), ends.subList(1, ends.size()));
      }
      if (end == End.DONE || end == End.FAILED) {
        memory
            .schedule()
            .write(entry.id(), end == End.DONE ? EntryState.DONE : EntryState.FAILED, "");
      }
      return end;
    }

    @Override
    public boolean isFollowing() {
      return following.contains(entry.id());
    }

    @Override
    public void suspend() {
      suspended.countDown();
    }
  }
}
