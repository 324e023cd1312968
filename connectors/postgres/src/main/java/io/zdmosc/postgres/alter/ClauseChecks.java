package io.zdmosc.postgres.alter;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.alter.AlterAction.AddForeignKey;
import io.zdmosc.postgres.alter.AlterAction.AlterConstraint;
import io.zdmosc.postgres.alter.AlterAction.RenameConstraint;
import io.zdmosc.postgres.alter.AlterAction.RenameTable;
import io.zdmosc.postgres.alter.AlterAction.ValidateConstraint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What actions that are fine by themselves cannot do together. */
final class ClauseChecks {
  private ClauseChecks() {}

  static List<Problem> problems(List<AlterAction> actions) {
    List<Problem> problems = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    boolean renamed = false;
    for (AlterAction action : actions) {
      if (action instanceof AddForeignKey key) {
        key.name().ifPresent(keys::add);
      } else if (action instanceof RenameConstraint rename && keys.contains(rename.from())) {
        problems.add(keyNotThereYet(action, "Add it by the name \"" + rename.to() + "\"."));
      } else if (action instanceof ValidateConstraint validate && keys.contains(validate.name())) {
        problems.add(keyNotThereYet(action, "Add it without NOT VALID."));
      } else if (action instanceof AlterConstraint alter && keys.contains(alter.name())) {
        problems.add(keyNotThereYet(action, "Add it with these attributes."));
      } else if (action instanceof RenameTable && renamed) {
        problems.add(
            new Problem(action.sql(), "the table is renamed twice", "Give one new name only."));
      }
      renamed |= action instanceof RenameTable;
    }
    return problems;
  }

  private static Problem keyNotThereYet(AlterAction action, String remedy) {
    return new Problem(
        action.sql(), "the same clause adds this foreign key, at the cut-over only", remedy);
  }
}
