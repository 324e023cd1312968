package io.zdmosc.engine.stream;

import io.zdmosc.engine.concurrent.RunControl;
import io.zdmosc.engine.spi.ChangeListener;
import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.Position;
import io.zdmosc.engine.spi.SourceTransaction;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Takes in the change stream: fills the delta, and knows by fences how far the stream has come.
 *
 * <p>Every fence gets a token of its own; one that comes out late, after its waiter has gone, is
 * forgotten. Thread-safe.
 */
public final class StreamFollower implements ChangeListener {
  private final ChangeStream stream;
  private final Delta delta;
  private final RunControl control;
  private final Supplier<RuntimeException> truncated;
  private final Map<String, Fence> fences = new ConcurrentHashMap<>();
  private volatile Position received;
  private volatile boolean broken;

  /**
   * @param truncated makes the failure for a source that was truncated
   */
  public StreamFollower(
      ChangeStream stream, Delta delta, RunControl control, Supplier<RuntimeException> truncated) {
    this.truncated = truncated;
    this.stream = stream;
    this.delta = delta;
    this.control = control;
  }

  public void start() {
    stream.start(this);
  }

  @Override
  public boolean ready() {
    return delta.hasRoom();
  }

  @Override
  public void onChange(Key key, SourceTransaction transaction) {
    delta.add(key, transaction);
  }

  @Override
  public void onProgress(Position position) {
    if (!broken) {
      received = position;
    }
  }

  @Override
  public void onFence(String token) {
    Fence fence = fences.get(token);
    if (fence != null) {
      fence.passed(delta.mark());
    }
  }

  /** What lies behind it must not be acknowledged: whoever reads on is to meet it again. */
  @Override
  public void onTruncate() {
    broken = true;
    control.fail(truncated.get());
  }

  @Override
  public void onFailure(RuntimeException failure) {
    control.fail(failure);
  }

  /**
   * Tells the server what need not be kept any more.
   *
   * <p>INVARIANT: the received position is read before the delta. A change that arrives in between
   * committed at or after that position, so acknowledging it takes nothing away.
   */
  public void acknowledge() {
    Position through = received;
    Optional<Position> oldest = delta.oldestPosition();
    if (oldest.isPresent() && (through == null || oldest.get().compareTo(through) < 0)) {
      through = oldest.get();
    }
    if (through != null) {
      stream.acknowledge(through);
    }
  }

  /**
   * Writes a fence into the log. The caller waits for it with {@link Fence#isOut} and closes it.
   */
  public Fence fence() {
    Fence fence = new Fence(UUID.randomUUID().toString());
    fences.put(fence.token, fence);
    stream.writeFence(fence.token);
    return fence;
  }

  /** A marker in the log. */
  public final class Fence implements AutoCloseable {
    private final String token;
    private final long writtenNanos = System.nanoTime();
    private volatile long mark = -1;

    private Fence(String token) {
      this.token = token;
    }

    private void passed(long deltaMark) {
      mark = deltaMark;
    }

    /** True once it came out of the stream: all earlier commits are in the delta or flushed. */
    public boolean isOut() {
      return mark >= 0;
    }

    /** True once all commits before it are flushed. */
    public boolean isFlushed() {
      return isOut() && delta.isFlushedUpTo(mark);
    }

    /** True once all commits before it are flushed, or were tried so often and cannot be. */
    public boolean isFlushedOrStuck(int tries) {
      return isOut() && delta.isFlushedOrStuckUpTo(mark, tries);
    }

    /** True once all commits before it are flushed, or held until they can be. */
    public boolean isHandled() {
      return isOut() && delta.isHandledUpTo(mark);
    }

    /** Milliseconds since it was written. */
    public long ageMillis() {
      return (System.nanoTime() - writtenNanos) / 1_000_000;
    }

    @Override
    public void close() {
      fences.remove(token);
    }
  }
}
