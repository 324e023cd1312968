package io.zdmosc.postgres.alter;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.alter.AlterAction.AddForeignKey;
import io.zdmosc.postgres.alter.AlterAction.AlterConstraint;
import io.zdmosc.postgres.alter.AlterAction.OwnerTo;
import io.zdmosc.postgres.alter.AlterAction.RenameConstraint;
import io.zdmosc.postgres.alter.AlterAction.RenameTable;
import io.zdmosc.postgres.alter.AlterAction.SetSchema;
import io.zdmosc.postgres.alter.AlterAction.ValidateConstraint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What actions that are fine by themselves cannot do together. */
final class ClauseChecks {
  private ClauseChecks() {}

  static List<Problem> problems(List<AlterAction> actions) {
    List<Problem> problems = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    for (AlterAction action : actions) {
      if (action instanceof AddForeignKey key) {
        key.name().ifPresent(keys::add);
      } else if (action instanceof RenameConstraint rename && keys.contains(rename.from())) {
        problems.add(keyNotThereYet(action, "Add it by the name \"" + rename.to() + "\"."));
      } else if (action instanceof ValidateConstraint validate && keys.contains(validate.name())) {
        problems.add(keyNotThereYet(action, "Add it without NOT VALID."));
      } else if (action instanceof AlterConstraint alter && keys.contains(alter.name())) {
        problems.add(keyNotThereYet(action, "Add it with these attributes."));
      }
    }
    once(actions, RenameTable.class, "the table is renamed twice", "Give one new name only.")
        .ifPresent(problems::add);
    once(actions, SetSchema.class, "the table is moved twice", "Give one new schema only.")
        .ifPresent(problems::add);
    once(actions, OwnerTo.class, "the table is given away twice", "Give one new owner only.")
        .ifPresent(problems::add);
    return problems;
  }

  private static Optional<Problem> once(
      List<AlterAction> actions, Class<? extends AlterAction> kind, String what, String remedy) {
    return actions.stream()
        .filter(kind::isInstance)
        .skip(1)
        .findFirst()
        .map(second -> new Problem(second.sql(), what, remedy));
  }

  private static Problem keyNotThereYet(AlterAction action, String remedy) {
    return new Problem(
        action.sql(), "the same clause adds this foreign key, at the cut-over only", remedy);
  }
}
