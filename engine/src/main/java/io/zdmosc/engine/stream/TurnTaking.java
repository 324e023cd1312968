package io.zdmosc.engine.stream;

import io.zdmosc.engine.spi.FlushResult;
import io.zdmosc.engine.spi.Flusher;
import io.zdmosc.engine.spi.Key;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Lets several flush side by side as long as their rows do not meet. Who meets the rows of another,
 * as when a unique value has gone from one row to the other, flushes alone: two that each wait for
 * a value of the other's rows would be in a circle, and in the next one after it. Thread-safe.
 */
final class TurnTaking {
  /** Where rows meet, those of the next batches are likely to. */
  private static final int ALONE = 8;

  private final ReadWriteLock turns = new ReentrantReadWriteLock(true);
  private final AtomicInteger aloneStill = new AtomicInteger();

  /**
   * @param beside true while others may be at it
   */
  FlushResult flush(Flusher flusher, List<Key> keys, boolean check, boolean beside) {
    if (beside && aloneStill.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
      Optional<FlushResult> result = in(turns.readLock(), () -> flusher.flushBeside(keys, check));
      if (result.isPresent()) {
        return result.get();
      }
      aloneStill.set(ALONE);
    }
    return in(turns.writeLock(), () -> flusher.flush(keys, check));
  }

  private static <T> T in(Lock lock, Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }
}
