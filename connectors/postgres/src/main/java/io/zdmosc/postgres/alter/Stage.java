package io.zdmosc.postgres.alter;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Actions that go into one statement.
 *
 * @param actions at least one; several only if PostgreSQL combines them
 */
public record Stage(List<AlterAction> actions) {
  public Stage {
    actions = List.copyOf(actions);
    if (actions.isEmpty()) {
      throw new IllegalArgumentException("a stage needs an action");
    }
  }

  /** What to run after {@code ALTER TABLE t}. */
  public String sql() {
    return actions.stream().map(AlterAction::sql).collect(Collectors.joining(", "));
  }
}
