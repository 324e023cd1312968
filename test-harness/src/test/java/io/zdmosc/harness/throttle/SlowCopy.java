package io.zdmosc.harness.throttle;

import io.zdmosc.engine.spi.Chunk;
import io.zdmosc.engine.spi.ChunkCopier;
import io.zdmosc.engine.spi.ChunkPlanner;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.harness.rules.ChangeDelegate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A change whose chunks are small and take their time; it counts how many are under way. */
final class SlowCopy extends ChangeDelegate {
  static final long CHUNK_ROWS = 100;
  private static final long CHUNK_MILLIS = 40;

  private final AtomicInteger copiers;

  /**
   * @param copiers is told how many connections copy at present
   */
  SlowCopy(PreparedChange change, AtomicInteger copiers) {
    super(change);
    this.copiers = copiers;
  }

  @Override
  public ChunkCopier openCopier() {
    ChunkCopier real = super.openCopier();
    copiers.incrementAndGet();
    return new ChunkCopier() {
      @Override
      public long copy(Chunk chunk) {
        long rows = real.copy(chunk);
        try {
          Thread.sleep(CHUNK_MILLIS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        return rows;
      }

      @Override
      public void close() {
        copiers.decrementAndGet();
        real.close();
      }
    };
  }

  @Override
  public ChunkPlanner openPlanner() {
    ChunkPlanner real = super.openPlanner();
    return new ChunkPlanner() {
      @Override
      public Optional<Key> boundaryAfter(Optional<Key> after, long rows, Optional<Key> limit) {
        return real.boundaryAfter(after, Math.min(rows, CHUNK_ROWS), limit);
      }

      @Override
      public List<Key> sample(int count) {
        return real.sample(count);
      }

      @Override
      public long maxRows(int threads) {
        return CHUNK_ROWS;
      }

      @Override
      public void close() {
        real.close();
      }
    };
  }
}
