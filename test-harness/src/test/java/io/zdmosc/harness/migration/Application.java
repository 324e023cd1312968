package io.zdmosc.harness.migration;

import io.zdmosc.harness.workload.ConnectionSource;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;

/**
 * What an application does over and over, each thing on a thread and a connection of its own, until
 * it is stopped. The first thing that fails ends all of them.
 */
final class Application implements AutoCloseable {
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final Map<String, AtomicLong> rounds = new ConcurrentHashMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopped;

  /** One round of it. */
  @FunctionalInterface
  interface Round {
    void run(Connection connection) throws Exception;
  }

  /** Begins to do this, with a pause of some milliseconds behind each round. */
  Application does(String what, ConnectionSource source, Round round) {
    AtomicLong count = rounds.computeIfAbsent(what, it -> new AtomicLong());
    Thread thread = new Thread(() -> repeat(what, source, round, count), what);
    threads.add(thread);
    thread.start();
    return this;
  }

  private void repeat(String what, ConnectionSource source, Round round, AtomicLong count) {
    try (Connection connection = source.open()) {
      while (!stopped && failure.get() == null) {
        round.run(connection);
        count.incrementAndGet();
        Thread.sleep(3);
      }
    } catch (Throwable e) {
      failure.compareAndSet(null, new AssertionError(what + ": " + e, e));
    }
  }

  /** Waits until everything has been done so many times more. */
  void awaitRounds(long more) {
    Map<String, Long> targets = new TreeMap<>();
    rounds.forEach((what, count) -> targets.put(what, count.get() + more));
    Awaitility.await()
        .atMost(Runs.PATIENCE)
        .pollInterval(10, TimeUnit.MILLISECONDS)
        .until(
            () ->
                failure.get() != null
                    || targets.entrySet().stream()
                        .allMatch(each -> rounds.get(each.getKey()).get() >= each.getValue()));
    throwFailure();
  }

  void throwFailure() {
    if (failure.get() != null) {
      throw new AssertionError(failure.get());
    }
  }

  /** Lets each end its round; fails if one has failed. */
  void stop() throws InterruptedException {
    stopped = true;
    for (Thread thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(60));
    }
    throwFailure();
  }

  @Override
  public void close() throws InterruptedException {
    stopped = true;
    for (Thread thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(60));
    }
  }
}
