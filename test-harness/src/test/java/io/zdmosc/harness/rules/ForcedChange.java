package io.zdmosc.harness.rules;

import io.zdmosc.engine.spi.BuildStep;
import io.zdmosc.engine.spi.ChangeListener;
import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.engine.spi.Chunk;
import io.zdmosc.engine.spi.ChunkCopier;
import io.zdmosc.engine.spi.ChunkPlanner;
import io.zdmosc.engine.spi.FlushResult;
import io.zdmosc.engine.spi.Flusher;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.Position;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.engine.spi.RangeVerifier;
import io.zdmosc.engine.spi.SourceTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A change with small chunks that can be held before and after each of them, after the copy, and
 * before the first verification; it remembers what the stream delivered.
 */
public class ForcedChange extends ChangeDelegate {

  private final Set<Key> delivered = ConcurrentHashMap.newKeySet();
  private final Map<Key, Position> deliveredAt = new ConcurrentHashMap<>();
  private final Set<Key> flushed = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean verified = new AtomicBoolean();
  private long chunkRows = 10;

  public ForcedChange(PreparedChange change) {
    super(change);
  }

  public ForcedChange withChunkRows(long rows) {
    chunkRows = rows;
    return this;
  }

  /** Called on the copier's thread before a chunk, which counts as in flight by then. */
  void beforeChunk(Chunk chunk) {}

  /** Called on the copier's thread when the chunk has committed but still counts as in flight. */
  void afterChunk(Chunk chunk) {}

  /** Called when all is copied and caught up with, before the indexes are built. */
  void afterCopy() {}

  /** Called once, when all is built and caught up with, before anything is compared. */
  void beforeVerification() {}

  /** Wraps what flushes. */
  Flusher flusher(Flusher real) {
    return real;
  }

  /** Wraps what hears the stream. */
  ChangeListener listener(ChangeListener engine, ChangeStream stream) {
    return engine;
  }

  boolean isDelivered(Key... keys) {
    return delivered.containsAll(List.of(keys));
  }

  /** All keys that have been flushed since they were last forgotten. */
  Set<Key> flushed() {
    return flushed;
  }

  /** All keys that the stream has delivered. */
  Set<Key> delivered() {
    return Set.copyOf(delivered);
  }

  /** Where the first commit stood that delivered this key. */
  Optional<Position> deliveredAt(Key key) {
    return Optional.ofNullable(deliveredAt.get(key));
  }

  @Override
  public ChangeStream openStream() {
    ChangeStream stream = super.openStream();
    return new StreamDelegate(stream) {
      @Override
      public void start(ChangeListener engine) {
        ChangeListener inner = listener(engine, stream);
        super.start(
            new ListenerDelegate(inner) {
              @Override
              public void onChange(Key key, SourceTransaction transaction) {
                deliveredAt.putIfAbsent(key, transaction.position());
                inner.onChange(key, transaction);
                delivered.add(key);
              }
            });
      }

      @Override
      public void acknowledge(Position position) {
        acknowledged(position);
        super.acknowledge(position);
      }
    };
  }

  /** Called before the stream hears of it. */
  void acknowledged(Position position) {}

  @Override
  public ChunkPlanner openPlanner() {
    ChunkPlanner planner = super.openPlanner();
    return new ChunkPlanner() {
      @Override
      public Optional<Key> boundaryAfter(Optional<Key> lower, long rows, Optional<Key> limit) {
        return planner.boundaryAfter(lower, Math.min(rows, chunkRows), limit);
      }

      @Override
      public List<Key> sample(int count) {
        return planner.sample(count);
      }

      @Override
      public long maxRows(int threads) {
        return planner.maxRows(threads);
      }

      @Override
      public void close() {
        planner.close();
      }
    };
  }

  @Override
  public ChunkCopier openCopier() {
    ChunkCopier copier = super.openCopier();
    return new ChunkCopier() {
      @Override
      public long copy(Chunk chunk) {
        beforeChunk(chunk);
        long rows = copier.copy(chunk);
        afterChunk(chunk);
        return rows;
      }

      @Override
      public void close() {
        copier.close();
      }
    };
  }

  @Override
  public Flusher openFlusher() {
    return new FlusherDelegate(flusher(super.openFlusher())) {
      @Override
      public FlushResult flush(List<Key> keys, boolean check) {
        FlushResult result = super.flush(keys, check);
        flushed.addAll(keys);
        return result;
      }

      @Override
      public Optional<FlushResult> flushBeside(List<Key> keys, boolean check) {
        Optional<FlushResult> result = super.flushBeside(keys, check);
        result.ifPresent(it -> flushed.addAll(keys));
        return result;
      }
    };
  }

  @Override
  public List<BuildStep> builds(long memoryBytes) {
    List<BuildStep> steps = new ArrayList<>(super.builds(memoryBytes));
    afterCopy();
    return steps;
  }

  @Override
  public RangeVerifier openVerifier() {
    if (verified.compareAndSet(false, true)) {
      beforeVerification();
    }
    return super.openVerifier();
  }

  /** Makes a wrapper that keeps what it wrapped. */
  static <T extends ForcedChange> UnaryOperator<PreparedChange> keeping(
      T[] kept, Function<PreparedChange, T> maker) {
    return change -> kept[0] = maker.apply(change);
  }
}
