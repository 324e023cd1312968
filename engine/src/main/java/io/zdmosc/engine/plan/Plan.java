package io.zdmosc.engine.plan;

import io.zdmosc.engine.error.Problem;
import java.util.List;
import java.util.Optional;

/**
 * What a migration is going to do.
 *
 * @param table the source table's qualified name, quoted where it must be
 * @param finalTable the name that the new table will have
 * @param alter the clause that was asked for
 * @param key the key columns of the row identity
 * @param identity what gives the row its identity: the index's name and kind
 * @param columns how each column of the new table comes about
 * @param steps what is done, in order
 * @param warnings what the user should know beforehand
 * @param size the source table's size
 * @param wayBack how the retired table could be kept in step; empty where the connector cannot tell
 */
public record Plan(
    String table,
    String finalTable,
    String alter,
    List<String> key,
    String identity,
    List<ColumnPlan> columns,
    List<PlanStep> steps,
    List<String> warnings,
    TableSize size,
    Optional<WayBack> wayBack) {
  public Plan {
    key = List.copyOf(key);
    columns = List.copyOf(columns);
    steps = List.copyOf(steps);
    warnings = List.copyOf(warnings);
  }

  /** Without a word on the way back. */
  public Plan(
      String table,
      String finalTable,
      String alter,
      List<String> key,
      String identity,
      List<ColumnPlan> columns,
      List<PlanStep> steps,
      List<String> warnings,
      TableSize size) {
    this(table, finalTable, alter, key, identity, columns, steps, warnings, size, Optional.empty());
  }

  /** The same with a way back. */
  public Plan withWayBack(WayBack way) {
    return new Plan(
        table, finalTable, alter, key, identity, columns, steps, warnings, size, Optional.of(way));
  }

  /**
   * How the old table gets its rows from the new one after the swap.
   *
   * @param columns how each column of the old table comes about; {@code compared} is false for one
   *     that keeps what it had
   * @param missing what stands in the way of it, with the remedy; nothing can be held until then
   * @param notes what will not be carried back, or may not fit
   */
  public record WayBack(List<ColumnPlan> columns, List<Problem> missing, List<String> notes) {
    public WayBack {
      columns = List.copyOf(columns);
      missing = List.copyOf(missing);
      notes = List.copyOf(notes);
    }

    public boolean isOpen() {
      return missing.isEmpty();
    }
  }

  /**
   * A column of the new table.
   *
   * @param origin where its values come from, in words or SQL
   * @param compared false when verification leaves it out
   */
  public record ColumnPlan(String name, String type, String origin, boolean compared) {}

  /**
   * One step.
   *
   * @param what what is done
   * @param lock the strongest lock on the source table, or empty
   * @param held how long it is held, in words
   */
  public record PlanStep(String what, String lock, String held) {}

  /**
   * Sizes by the server's statistics.
   *
   * @param rows estimated
   * @param tableBytes the heap with its out-of-line values
   * @param indexBytes all its indexes
   */
  public record TableSize(long rows, long tableBytes, long indexBytes) {}
}
