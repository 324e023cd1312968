package io.zdmosc.postgres.alter;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Splits a clause at the commas outside of parentheses and brackets. */
final class ClauseSplitter {
  private final String clause;
  private final List<ActionText> actions = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private final List<SqlToken> current = new ArrayList<>();
  private final Deque<SqlToken> open = new ArrayDeque<>();

  private ClauseSplitter(String clause) {
    this.clause = clause;
  }

  /**
   * Returns the text of each action; none if there is nothing but blanks and comments.
   *
   * @throws RefusedException if an action is empty, a parenthesis has no counterpart or a second
   *     statement follows
   */
  static List<ActionText> split(String clause) {
    List<SqlToken> tokens = SqlLexer.tokens(clause);
    int end = tokens.size();
    while (end > 0 && tokens.get(end - 1).kind() == SqlToken.Kind.SEMICOLON) {
      end--;
    }
    ClauseSplitter splitter = new ClauseSplitter(clause);
    return end == 0 ? List.of() : splitter.split(tokens.subList(0, end));
  }

  private List<ActionText> split(List<SqlToken> tokens) {
    for (SqlToken token : tokens) {
      switch (token.kind()) {
        case SEMICOLON ->
            refuse(
                "a semicolon " + at(token.start()) + " ends the statement",
                "Write one clause: separate actions by commas.");
        case OPEN -> open.push(token);
        case CLOSE -> close(token);
        default -> {}
      }
      if (token.kind() == SqlToken.Kind.COMMA && open.isEmpty()) {
        endAction(token.start());
      } else {
        current.add(token);
      }
    }
    open.forEach(
        token -> refuse(token.text() + " " + at(token.start()) + " is never closed", "Close it."));
    if (open.isEmpty()) {
      endAction(tokens.get(tokens.size() - 1).end());
    }
    if (!problems.isEmpty()) {
      throw new RefusedException(problems);
    }
    return List.copyOf(actions);
  }

  private void close(SqlToken token) {
    boolean round = token.isClose(")");
    if (!open.isEmpty() && open.peek().isOpen(round ? "(" : "[")) {
      open.pop();
    } else {
      refuse(token.text() + " " + at(token.start()) + " closes nothing", "Remove it.");
    }
  }

  private void endAction(int end) {
    if (current.isEmpty()) {
      refuse("an action is missing " + at(end), "Remove the comma, or write the action.");
    } else {
      actions.add(new ActionText(clause, current));
      current.clear();
    }
  }

  private void refuse(String what, String remedy) {
    problems.add(new Problem("ALTER clause", what, remedy));
  }

  private String at(int offset) {
    return "at character " + (clause.codePointCount(0, offset) + 1);
  }
}
