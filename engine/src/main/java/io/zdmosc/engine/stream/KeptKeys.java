package io.zdmosc.engine.stream;

import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.WaitingKeys;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Knows which keys of the delta are in the durable record of those that wait, where there is one.
 *
 * <p>INVARIANT: a key is marked as kept in the delta, and so let go by the log, only when its
 * record is durable; the record is removed only when a flush that read the row afterwards has
 * committed. Thread-safe, but for {@link #restore}.
 */
final class KeptKeys implements AutoCloseable {
  private final Optional<WaitingKeys> record;
  private final Delta delta;
  private final Map<Key, Long> numbers = new HashMap<>();
  private long last;

  KeptKeys(Optional<WaitingKeys> record, Delta delta) {
    this.record = record;
    this.delta = delta;
  }

  /** Puts what an earlier process has left into the delta; before anything is flushed. */
  void restore() {
    record.ifPresent(
        waiting ->
            waiting
                .read()
                .forEach(
                    (number, key) -> {
                      last = Math.max(last, number);
                      numbers.put(key, number);
                      delta.restore(key);
                    }));
  }

  /** Makes the keys of these entries durable, so that the log may go on without them. */
  synchronized void keep(Collection<DeltaEntry> entries) {
    if (record.isEmpty() || entries.isEmpty()) {
      return;
    }
    Map<Long, Key> added = new HashMap<>();
    for (DeltaEntry entry : entries) {
      if (!numbers.containsKey(entry.key)) {
        numbers.put(entry.key, ++last);
        added.put(last, entry.key);
      }
    }
    if (!added.isEmpty()) {
      record.get().add(added); // who fails here does not go on with these numbers
    }
    delta.kept(entries);
  }

  /** The present rows of these entries are flushed. */
  synchronized void forget(Collection<DeltaEntry> flushed) {
    if (numbers.isEmpty()) {
      return;
    }
    List<Long> gone =
        flushed.stream().map(entry -> numbers.remove(entry.key)).filter(Objects::nonNull).toList();
    if (!gone.isEmpty()) {
      record.orElseThrow().remove(gone);
    }
  }

  @Override
  public void close() {
    record.ifPresent(WaitingKeys::close);
  }
}
