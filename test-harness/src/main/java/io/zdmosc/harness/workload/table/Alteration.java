package io.zdmosc.harness.workload.table;

import static java.util.Objects.requireNonNull;

import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A change of the catalogue, for any table that it suits.
 *
 * @param name a short name for test titles
 * @param suits the tables that it can be asked for
 * @param steps writes the change down for a table
 */
public record Alteration(String name, Predicate<TableSpec> suits, Consumer<ChangeBuilder> steps) {
  public Alteration {
    requireNonNull(name, "name is null");
    requireNonNull(suits, "suits is null");
    requireNonNull(steps, "steps is null");
  }

  /** A change that suits every table. */
  public static Alteration of(String name, Consumer<ChangeBuilder> steps) {
    return new Alteration(name, table -> true, steps);
  }

  /** A change for tables that have a column of this id. */
  public static Alteration needing(String id, String name, Consumer<ChangeBuilder> steps) {
    return new Alteration(name, table -> table.find(id).isPresent(), steps);
  }

  /** Writes the change down for a table that it suits. */
  public Change on(TableSpec table, SqlDialect dialect) {
    if (!suits.test(table)) {
      throw new IllegalArgumentException(name + " does not suit table " + table.name());
    }
    ChangeBuilder builder = new ChangeBuilder(table, dialect);
    steps.accept(builder);
    return builder.build();
  }
}
