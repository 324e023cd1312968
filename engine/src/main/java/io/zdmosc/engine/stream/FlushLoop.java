package io.zdmosc.engine.stream;

import io.zdmosc.engine.concurrent.RunControl;
import io.zdmosc.engine.copy.Frontier;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.FlushResult;
import io.zdmosc.engine.spi.Flusher;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.WaitingKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flushes the delta, batch after batch, on threads of its own. One is always there. Where it does
 * not keep up, further ones join it, each with a connection of its own, and leave when there is
 * less to do: so that a table that is written to faster than one connection can follow is caught up
 * with, and no other table costs more than one connection. Those that the server has no connection
 * for are done without.
 */
public final class FlushLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FlushLoop.class);
  private static final Duration IDLE = Duration.ofMillis(20);
  private static final Duration ASK_AGAIN = Duration.ofSeconds(10);
  private static final Duration EXPLANATION = Duration.ofSeconds(30);

  /** The second thread joins when so many keys wait, the third when twice as many do. */
  private static final int JOINING_KEYS = 3 * FlushRounds.BATCH;

  private final Supplier<Flusher> flushers;
  private final Flusher first;
  private final IntSupplier most;
  private final Delta delta;
  private final StreamFollower follower;
  private final KeyIndex keyIndex;
  private final KeptKeys kept;
  private final RunControl control;
  private final FlushRounds rounds;
  private final List<Thread> threads = new ArrayList<>();
  private long askAgainNanos = System.nanoTime();
  private int busy;
  private boolean pauseWanted;
  private boolean closed;

  /**
   * @param flushers opens a flusher
   * @param most how many may be at work now; less than one counts as one
   * @param waiting the durable record of keys that cannot be flushed for long, where there is one
   */
  public FlushLoop(
      Supplier<Flusher> flushers,
      IntSupplier most,
      Delta delta,
      StreamFollower follower,
      Frontier frontier,
      KeyIndex keyIndex,
      Optional<WaitingKeys> waiting,
      RunControl control) {
    this.flushers = flushers;
    this.first = flushers.get();
    this.most = most;
    this.delta = delta;
    this.follower = follower;
    this.keyIndex = keyIndex;
    this.kept = new KeptKeys(waiting, delta);
    this.rounds = new FlushRounds(delta, frontier, keyIndex, kept);
    this.control = control;
  }

  public void start() {
    kept.restore();
    join(first);
  }

  /** From now on compares each batch with the source in the flush's own snapshot. */
  public void checkEachBatch() {
    rounds.checkEachBatch();
  }

  /**
   * Lets go what was held for the key index, which is there now; only while paused, or from within.
   */
  public void keyIndexBuilt() {
    delta.release();
  }

  /** Keys flushed so far. */
  public long applied() {
    return rounds.applied();
  }

  /** Returns when no flush is under way; none begins until {@link #resume}. */
  public synchronized void pause() {
    pauseWanted = true;
    while (busy > 0) {
      control.check();
      waitAWhile();
    }
    control.check();
  }

  public synchronized void resume() {
    pauseWanted = false;
    notifyAll();
  }

  /**
   * Takes all that is left in the delta, for a flush by somebody else; only while paused.
   *
   * @return what must be told how that flush ended
   */
  public Remainder takeRemainder() {
    return new Remainder(delta.takeAll());
  }

  @Override
  public void close() {
    List<Thread> started;
    synchronized (this) {
      closed = true;
      notifyAll();
      started = List.copyOf(threads);
    }
    try {
      for (Thread thread : started) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (started.isEmpty()) {
      first.close();
    }
    kept.close();
  }

  private synchronized void join(Flusher flusher) {
    if (closed) { // nobody would wait for its end
      flusher.close();
      return;
    }
    int number = threads.size();
    Thread thread = new Thread(() -> run(number, flusher), "zdm-flush-" + (number + 1));
    thread.setDaemon(true);
    thread.start();
    threads.add(thread);
  }

  private void run(int number, Flusher flusher) {
    try (flusher) {
      while (begin(number)) {
        boolean done;
        try {
          done = work(number, flusher);
        } catch (RuntimeException e) {
          fail(e);
          return;
        } catch (Error e) {
          control.died(e);
          return;
        } finally {
          end(); // now that the run has heard: a pause may take what was in its hand for flushed
        }
        if (!done) {
          delta.awaitWork(IDLE);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      control.died(e);
    } catch (RuntimeException | Error e) {
      control.died(e);
    }
  }

  /**
   * What a flush fails with may come from a change of the table. Then the stream is to tell it: it
   * has the statement, and knows whether anybody can read on behind it. So it gets the time to come
   * to where the log is now.
   */
  private void fail(RuntimeException failure) {
    if (failure instanceof MigrationFailedException failed && !failed.isPassing()) {
      try (StreamFollower.Fence fence = follower.fence()) {
        control.await(() -> isClosed() || fence.isOut(), EXPLANATION);
      } catch (RuntimeException e) {
        if (control.failure().isEmpty()) {
          failure.addSuppressed(e);
        }
      }
    }
    control.fail(failure);
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  /** Waits until there is work for this thread; false when there never will be any. */
  private synchronized boolean begin(int number) {
    while (!closed && (pauseWanted || number > 0 && !isWanted(number))) {
      waitAWhile();
    }
    if (!closed) {
      busy++;
    }
    return !closed;
  }

  private synchronized void end() {
    busy--;
    notifyAll();
  }

  private boolean isWanted(int number) {
    return number < most.getAsInt() && keyIndex.isThere() && delta.free() >= number * JOINING_KEYS;
  }

  /** The first thread also sees to all that is not a batch. */
  private boolean work(int number, Flusher flusher) {
    if (number > 0) {
      return rounds.round(flusher, true);
    }
    if (keyIndex.isDue(delta.held())) {
      keyIndex.build();
      keyIndexBuilt();
    }
    reinforce();
    boolean done = rounds.round(flusher, joined() > 1 && isWanted(1));
    follower.acknowledge();
    return done;
  }

  /** Without one more, those that are there go on by themselves. */
  private void reinforce() {
    if (!isWanted(joined()) || System.nanoTime() - askAgainNanos < 0) {
      return;
    }
    try {
      join(flushers.get());
    } catch (MigrationFailedException e) {
      if (!e.isPassing()) {
        throw e;
      }
      LOG.info("no further connection to flush with for now", e);
      askAgainNanos = System.nanoTime() + ASK_AGAIN.toNanos();
    }
  }

  private synchronized int joined() {
    return threads.size();
  }

  private void waitAWhile() {
    try {
      wait(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** What was left in the delta, in somebody else's hand. */
  public final class Remainder {
    private final List<DeltaEntry> entries;

    private Remainder(List<DeltaEntry> entries) {
      this.entries = entries;
    }

    public List<Key> keys() {
      return entries.stream().map(entry -> entry.key).toList();
    }

    /** The flush of these keys is durable. */
    public void flushed(FlushResult result) {
      rounds.finish(entries, result);
    }

    /** The flush did not happen: the keys go back into the delta. */
    public void notFlushed() {
      delta.putBack(entries, Duration.ZERO);
    }
  }
}
