package io.zdmosc.engine.copy;

import io.zdmosc.engine.spi.Chunk;
import io.zdmosc.engine.spi.CopyLayout;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the copier has handed out so far.
 *
 * <p>Thread-safe. Guarantees:
 *
 * <ul>
 *   <li>A chunk counts as in flight from before its transaction begins until after it has
 *       committed. So a key that a layout shows as beyond the frontier will be read by a snapshot
 *       younger than the layout, and one that it shows as copied is visible to every such snapshot.
 *   <li>The ranges handed out are contiguous and without overlap.
 * </ul>
 */
public final class Frontier {
  private final TreeMap<Long, KeyRange> inFlight = new TreeMap<>();
  private final List<KeyRange> handedOut = new ArrayList<>();
  private final List<Chunk> gaps = new ArrayList<>();
  private Key last;
  private boolean complete;
  private long chunks;
  private long version;

  /** Nothing has been handed out yet. */
  public Frontier() {}

  /**
   * Goes on from chunks that were copied before.
   *
   * <p>Chunks were handed out one after the other, so where the bounds of two that follow each
   * other do not meet, what is between them was in flight and is lost. Such a gap counts as in
   * flight from the start: it is handed out already, by {@link #gaps}. Behind the last one nothing
   * counts as handed out, whatever was in flight there.
   */
  public Frontier(Collection<Chunk> copied) {
    for (Chunk chunk : copied.stream().sorted(Comparator.comparing(Chunk::number)).toList()) {
      if (!Objects.equals(last, chunk.range().lower())) {
        gap(new Chunk(chunks + 1, new KeyRange(last, chunk.range().lower())));
      }
      handedOut.add(chunk.range());
      chunks = chunk.number();
      last = chunk.range().upper();
      complete = last == null;
    }
  }

  private void gap(Chunk lost) {
    gaps.add(lost);
    inFlight.put(lost.number(), lost.range());
    handedOut.add(lost.range());
  }

  /** The chunks that are in flight from the start. */
  public List<Chunk> gaps() {
    return List.copyOf(gaps);
  }

  /** Where the next chunk begins; empty at the first key. */
  public synchronized Optional<Key> last() {
    return Optional.ofNullable(last);
  }

  /** True when nothing is left to hand out. */
  public synchronized boolean isComplete() {
    return complete;
  }

  /**
   * Hands out the range from the frontier to {@code upper}.
   *
   * @param upper empty for the last chunk, which reaches to the end of all keys
   */
  public synchronized Chunk advance(Optional<Key> upper) {
    if (complete) {
      throw new IllegalStateException("the last chunk was handed out before");
    }
    chunks++;
    version++;
    Chunk chunk = new Chunk(chunks, new KeyRange(last, upper.orElse(null)));
    inFlight.put(chunk.number(), chunk.range());
    handedOut.add(chunk.range());
    last = upper.orElse(null);
    complete = upper.isEmpty();
    return chunk;
  }

  /** The chunk's transaction has committed. */
  public synchronized void committed(Chunk chunk) {
    if (inFlight.remove(chunk.number()) == null) {
      throw new IllegalStateException("chunk " + chunk.number() + " is not in flight");
    }
    version++;
  }

  /** All ranges handed out, in order; once complete they cover every key. */
  public synchronized List<KeyRange> ranges() {
    return List.copyOf(handedOut);
  }

  public synchronized CopyLayout layout() {
    return new CopyLayout(
        Optional.ofNullable(last), complete, List.copyOf(inFlight.values()), version);
  }
}
