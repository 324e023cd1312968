package io.zdmosc.engine.copy;

import io.zdmosc.engine.concurrent.Crew;
import io.zdmosc.engine.concurrent.RunControl;
import io.zdmosc.engine.progress.PhaseMeter;
import io.zdmosc.engine.spi.Chunk;
import io.zdmosc.engine.spi.ChunkCopier;
import io.zdmosc.engine.spi.ChunkPlanner;
import io.zdmosc.engine.spi.KeyRange;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.engine.throttle.Throttle;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntSupplier;

/** Copies what is left of the source table, chunk by chunk, on several threads. */
public final class Copier {
  private final PreparedChange change;
  private final Frontier frontier;
  private final ChunkSizer sizer;
  private final Throttle throttle;
  private final PhaseMeter meter;
  private final RunControl control;

  public Copier(
      PreparedChange change,
      Frontier frontier,
      ChunkSizer sizer,
      Throttle throttle,
      PhaseMeter meter,
      RunControl control) {
    this.change = change;
    this.frontier = frontier;
    this.sizer = sizer;
    this.throttle = throttle;
    this.meter = meter;
    this.control = control;
  }

  /**
   * Returns when every chunk has committed.
   *
   * @param threads may change at any time; a thread that is too many leaves between two chunks
   */
  public void run(IntSupplier threads) {
    Queue<Chunk> gaps = new ConcurrentLinkedQueue<>(frontier.gaps());
    try (ChunkPlanner planner = change.openPlanner()) {
      RangeCursor cursor = new RangeCursor(planner, sizer::rows, frontier.last());
      new Crew("copy", threads, control, seat -> work(seat, gaps, cursor)).run();
    }
  }

  private void work(Crew.Seat seat, Queue<Chunk> gaps, RangeCursor cursor) {
    try (ChunkCopier copier = change.openCopier()) {
      for (Optional<Chunk> chunk = next(seat, gaps, cursor);
          chunk.isPresent();
          chunk = next(seat, gaps, cursor)) {
        long begin = System.nanoTime();
        long rows = copier.copy(chunk.get());
        frontier.committed(chunk.get());
        sizer.took(rows, System.nanoTime() - begin);
        meter.add(rows);
      }
    }
  }

  /** Empty when there is nothing more to copy, or not for this thread. */
  private Optional<Chunk> next(Crew.Seat seat, Queue<Chunk> gaps, RangeCursor cursor) {
    control.check();
    throttle.beforeChunk(control, sizer.p90Millis());
    if (!seat.isKept()) {
      return Optional.empty();
    }
    Chunk lost = gaps.poll();
    if (lost != null) {
      return Optional.of(lost);
    }
    if (frontier.isComplete()) {
      return Optional.empty();
    }
    synchronized (cursor) {
      // INVARIANT: cursor and frontier move together, or a range would be handed out of order
      Optional<KeyRange> range = cursor.next();
      return range.map(r -> frontier.advance(r.upperBound()));
    }
  }
}
