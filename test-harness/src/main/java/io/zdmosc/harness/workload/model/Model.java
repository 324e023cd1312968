package io.zdmosc.harness.workload.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the table must hold: the effects of every acknowledged transaction, and of no other.
 *
 * <p>Guarantees, provided that an owner's lock is held from before a transaction's first statement
 * on that owner's rows until its effects are applied or discarded:
 *
 * <ul>
 *   <li>effects are applied in the order of the commits on the server;
 *   <li>a row read under its owner's lock is the committed row.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class Model {
  private final List<ReentrantLock> locks = new ArrayList<>();
  private final List<ConcurrentSkipListMap<Long, Row>> partitions = new ArrayList<>();
  private final Set<RowId> unresolved = ConcurrentHashMap.newKeySet();

  /** Creates an empty model with this many owners, and one more partition for hot rows. */
  public Model(int owners) {
    for (int i = 0; i <= owners; i++) {
      locks.add(new ReentrantLock());
      partitions.add(new ConcurrentSkipListMap<>());
    }
  }

  /** Returns the number of owners, without that of the hot rows. */
  public int owners() {
    return partitions.size() - 1;
  }

  /** Returns the owner of hot rows, whose lock is not taken. */
  public int hotOwner() {
    return owners();
  }

  /** Returns the owner's n-th row. */
  public RowId id(int owner, long n) {
    return new RowId(owner, n * partitions.size() + owner);
  }

  public ReentrantLock lock(int owner) {
    return locks.get(owner);
  }

  /** Returns the row, if it exists. */
  public Optional<Row> row(RowId id) {
    return Optional.ofNullable(partitions.get(id.owner()).get(id.slot()));
  }

  /** Returns an existing row of the owner near the slot, if the owner has any. */
  public Optional<RowId> near(int owner, long slot) {
    ConcurrentSkipListMap<Long, Row> partition = partitions.get(owner);
    Long found = partition.ceilingKey(slot);
    if (found == null) {
      found = partition.floorKey(slot);
    }
    return Optional.ofNullable(found)
        .map(each -> new RowId(owner, each))
        .filter(id -> !unresolved.contains(id));
  }

  /** Returns the owner's rows, as they are now. */
  public Map<RowId, Row> rows(int owner) {
    Map<RowId, Row> rows = new TreeMap<>();
    partitions.get(owner).forEach((slot, row) -> rows.put(new RowId(owner, slot), row));
    return rows;
  }

  /** Returns all rows; of one moment only while nobody writes. */
  public Map<RowId, Row> rows() {
    Map<RowId, Row> rows = new TreeMap<>();
    for (int owner = 0; owner < partitions.size(); owner++) {
      rows.putAll(rows(owner));
    }
    return rows;
  }

  /** Returns how many rows there are; of one moment only while nobody writes. */
  public int size() {
    return partitions.stream().mapToInt(Map::size).sum();
  }

  /** Applies a committed transaction. */
  public void apply(List<Effect> effects) {
    effects.forEach(this::apply);
  }

  private void apply(Effect effect) {
    ConcurrentSkipListMap<Long, Row> rows = partitions.get(effect.id().owner());
    long slot = effect.id().slot();
    if (effect instanceof Effect.Put put) {
      rows.put(slot, put.row());
    } else if (effect instanceof Effect.Remove) {
      rows.remove(slot);
    } else if (effect instanceof Effect.Increment increment) {
      int column = increment.column();
      rows.computeIfPresent(
          slot, (s, row) -> row.with(column, Long.toString(number(row, column) + 1)));
    } else if (effect instanceof Effect.Newest newest) {
      int version = newest.versionColumn();
      rows.merge(
          slot,
          newest.row(),
          (known, row) -> number(row, version) > number(known, version) ? row : known);
    }
  }

  private static long number(Row row, int column) {
    return Long.parseLong(row.get(column));
  }

  /**
   * Notes that it cannot be known whether a transaction was committed. Its rows are not handed out
   * any more, and a check cannot come out clean.
   */
  public void markUnresolved(List<Effect> effects) {
    effects.forEach(effect -> unresolved.add(effect.id()));
  }

  /** Returns the rows of transactions whose outcome could not be found out. */
  public Set<RowId> unresolved() {
    return Set.copyOf(unresolved);
  }
}
