package io.zdmosc.postgres.alter;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.postgres.alter.AlterAction.AddForeignKey;
import io.zdmosc.postgres.alter.AlterAction.OwnerTo;
import io.zdmosc.postgres.alter.AlterAction.RenameTable;
import io.zdmosc.postgres.alter.AlterAction.SetSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What follows {@code ALTER TABLE t}, split into its actions. Immutable.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>the server parses SQL, this only splits it: what is returned is the user's text, and
 *       nothing is dropped from it but foreign keys;
 *   <li>actions take effect in the order written; between two {@code RENAME}s, PostgreSQL orders
 *       them as in any {@code ALTER TABLE};
 *   <li>no text with a second statement passes, in whatever quotes it hides.
 * </ul>
 */
public final class AlterClause {
  private final List<AlterAction> actions;

  private AlterClause(List<AlterAction> actions) {
    this.actions = List.copyOf(actions);
  }

  /**
   * Splits a clause, which may be blank and may end in a semicolon.
   *
   * @throws RefusedException with every action that a shadow table cannot take; or with the reason
   *     why the clause cannot be split
   */
  public static AlterClause parse(String clause) {
    List<ActionText> texts = ClauseSplitter.split(clause);
    if (!texts.isEmpty()) {
      refuseWhole(texts.get(0));
    }
    List<AlterAction> actions = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (ActionText text : texts) {
      try {
        actions.addAll(ActionParser.parse(text));
      } catch (RefusedException e) {
        problems.addAll(e.problems());
      }
    }
    problems.addAll(ClauseChecks.problems(actions));
    if (!problems.isEmpty()) {
      throw new RefusedException(problems);
    }
    return new AlterClause(actions);
  }

  /** Some statements have commas of their own: splitting them would only add to the confusion. */
  private static void refuseWhole(ActionText first) {
    if (first.at("alter", "table")) {
      throw first.refused(
          "only what follows ALTER TABLE and the table's name is expected",
          "Leave these out, as in: ADD COLUMN note text, DROP COLUMN memo");
    }
    if (first.at("all", "in", "tablespace")) {
      throw Refusals.of(first).orElseThrow();
    }
  }

  /** All actions in the order written; the foreign keys of a column behind its action. */
  public List<AlterAction> actions() {
    return actions;
  }

  /**
   * The statements that change the shadow table, in order. Foreign keys and the table's new name,
   * schema and owner are left to the cut-over.
   */
  public List<Stage> stages() {
    List<Stage> stages = new ArrayList<>();
    List<AlterAction> combined = new ArrayList<>();
    for (AlterAction action : actions) {
      if (isLeftToTheCutOver(action)) {
        continue;
      }
      if (action.standsAlone() && !combined.isEmpty()) {
        stages.add(new Stage(combined));
        combined.clear();
      }
      combined.add(action);
      if (action.standsAlone()) {
        stages.add(new Stage(combined));
        combined.clear();
      }
    }
    if (!combined.isEmpty()) {
      stages.add(new Stage(combined));
    }
    return List.copyOf(stages);
  }

  private static boolean isLeftToTheCutOver(AlterAction action) {
    return action instanceof AddForeignKey
        || action instanceof RenameTable
        || action instanceof SetSchema
        || action instanceof OwnerTo;
  }

  /** The schema that the table is to have in the end, if another. */
  public Optional<String> newSchema() {
    return actions.stream()
        .filter(SetSchema.class::isInstance)
        .map(action -> ((SetSchema) action).schema())
        .findFirst();
  }

  /** The role that is to own the table in the end, as it was written, if another. */
  public Optional<String> newOwner() {
    return actions.stream()
        .filter(OwnerTo.class::isInstance)
        .map(action -> ((OwnerTo) action).role())
        .findFirst();
  }

  /** The name that the table is to have in the end, if another. */
  public Optional<String> newTableName() {
    return actions.stream()
        .filter(RenameTable.class::isInstance)
        .map(action -> ((RenameTable) action).to())
        .findFirst();
  }

  /** The foreign keys, none of which refers to the table itself. */
  public List<AddForeignKey> foreignKeys() {
    return foreignKeys(table -> false);
  }

  /**
   * The foreign keys as they are to be added once everything else is done: columns that a later
   * {@code RENAME} gives another name have it here. Where a key refers to the table itself, so have
   * the referenced columns and the referenced table.
   *
   * @param itself whether a referenced table, given by the parts of its name as the server reads
   *     them, is the one that the clause changes
   */
  public List<AddForeignKey> foreignKeys(Predicate<List<String>> itself) {
    List<AddForeignKey> foreignKeys = new ArrayList<>();
    for (int i = 0; i < actions.size(); i++) {
      if (actions.get(i) instanceof AddForeignKey key) {
        boolean self = itself.test(key.referencedTable());
        foreignKeys.add(ForeignKeyRenames.apply(actions, i, self));
      }
    }
    return List.copyOf(foreignKeys);
  }
}
