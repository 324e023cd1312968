package io.zdmosc.mysql.alter;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.mysql.alter.AlterAction.AddColumns;
import io.zdmosc.mysql.alter.AlterAction.DropColumn;
import io.zdmosc.mysql.alter.AlterAction.RenameColumn;
import io.zdmosc.mysql.alter.AlterAction.RenameTable;
import io.zdmosc.mysql.alter.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What follows {@code ALTER TABLE t}, split into its actions. Immutable.
 *
 * <p>The server parses SQL, this only splits it: what is run is the user's text, without the
 * table's new name. In one ALTER TABLE of these servers all actions name columns as they were
 * before it, so several renames, a swap among them, can be followed one by one.
 */
public final class AlterClause {
  private final List<AlterAction> actions;

  private AlterClause(List<AlterAction> actions) {
    this.actions = List.copyOf(actions);
  }

  /**
   * Splits a clause, which may be blank and may end in a semicolon.
   *
   * @param sqlMode of the session that will run it
   * @throws RefusedException with every action that a shadow table cannot take; or with the reason
   *     why the clause cannot be split
   */
  public static AlterClause parse(String clause, String sqlMode) {
    List<SqlToken> tokens = new ArrayList<>(SqlLexer.tokens(clause, sqlMode));
    while (!tokens.isEmpty() && tokens.get(tokens.size() - 1).is(Kind.SEMICOLON)) {
      tokens.remove(tokens.size() - 1);
    }
    List<AlterAction> actions = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (ActionText text : split(clause, tokens)) {
      try {
        actions.add(ActionParser.parse(text));
      } catch (RefusedException e) {
        problems.addAll(e.problems());
      }
    }
    if (!problems.isEmpty()) {
      throw new RefusedException(problems);
    }
    return new AlterClause(actions);
  }

  private static List<ActionText> split(String clause, List<SqlToken> tokens) {
    List<ActionText> texts = new ArrayList<>();
    List<SqlToken> current = new ArrayList<>();
    int depth = 0;
    for (SqlToken token : tokens) {
      refuseStrange(token);
      depth += token.is(Kind.OPEN) ? 1 : token.is(Kind.CLOSE) ? -1 : 0;
      if (depth < 0) {
        throw refused("a closing parenthesis closes nothing", "Remove it.");
      }
      if (depth == 0 && token.is(Kind.COMMA)) {
        texts.add(action(clause, current));
        current.clear();
      } else {
        current.add(token);
      }
    }
    if (depth > 0) {
      throw refused("a parenthesis is never closed", "Close it.");
    }
    if (!tokens.isEmpty()) {
      texts.add(action(clause, current));
    }
    return texts;
  }

  private static ActionText action(String clause, List<SqlToken> tokens) {
    if (tokens.isEmpty()) {
      throw refused("an action is missing", "Remove the comma, or write the action.");
    }
    return new ActionText(clause, tokens);
  }

  private static void refuseStrange(SqlToken token) {
    if (token.is(Kind.SEMICOLON)) {
      throw refused(
          "a semicolon ends the statement", "Write one clause: separate actions by commas.");
    }
    if (token.is(Kind.VERSIONED)) {
      throw refused(
          "the comment " + token.text() + " would be run by some servers", "Write it plainly.");
    }
  }

  private static RefusedException refused(String what, String remedy) {
    return RefusedException.of("ALTER clause", what, remedy);
  }

  /** What to run behind ALTER TABLE; empty when there is nothing to run. */
  public String sql() {
    return String.join(
        ", ",
        actions.stream()
            .filter(action -> !(action instanceof RenameTable))
            .map(AlterAction::sql)
            .toList());
  }

  /** The name that the table is to have in the end, if another. */
  public Optional<String> newTableName() {
    return actions.stream()
        .filter(RenameTable.class::isInstance)
        .map(action -> ((RenameTable) action).to())
        .findFirst();
  }

  /** The name of a column after the clause; empty when the clause drops it. */
  public Optional<String> nameAfter(String column) {
    for (AlterAction action : actions) {
      if (action instanceof RenameColumn rename && rename.from().equalsIgnoreCase(column)) {
        return Optional.of(rename.to());
      }
      if (action instanceof DropColumn drop && drop.column().equalsIgnoreCase(column)) {
        return Optional.empty();
      }
    }
    return Optional.of(column);
  }

  /** True when the clause adds a column of this name. */
  public boolean adds(String column) {
    return actions.stream()
        .anyMatch(
            action ->
                action instanceof AddColumns added
                    && added.columns().stream().anyMatch(column::equalsIgnoreCase));
  }
}
