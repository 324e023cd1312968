package io.zdmosc.mysql.alter;

import io.zdmosc.engine.error.RefusedException;
import java.util.List;

/** The tokens of one action, read from the front. */
final class ActionText {
  private final String clause;
  private final List<SqlToken> tokens;
  private int position;

  ActionText(String clause, List<SqlToken> tokens) {
    this.clause = clause;
    this.tokens = List.copyOf(tokens);
  }

  /** The action as it was written. */
  String sql() {
    return clause.substring(tokens.get(0).start(), tokens.get(tokens.size() - 1).end());
  }

  /** Whether these words come next. */
  boolean at(String... words) {
    if (position + words.length > tokens.size()) {
      return false;
    }
    for (int i = 0; i < words.length; i++) {
      if (!tokens.get(position + i).isWord(words[i])) {
        return false;
      }
    }
    return true;
  }

  /** Takes these words if they come next. */
  boolean accept(String... words) {
    boolean found = at(words);
    if (found) {
      position += words.length;
    }
    return found;
  }

  boolean atEnd() {
    return position >= tokens.size();
  }

  SqlToken peek() {
    return tokens.get(position);
  }

  boolean acceptKind(SqlToken.Kind kind) {
    boolean found = !atEnd() && peek().is(kind);
    if (found) {
      position++;
    }
    return found;
  }

  /** Takes a name. */
  String name(String what) {
    if (atEnd() || !peek().isName()) {
      throw expected(what);
    }
    return tokens.get(position++).text();
  }

  void skip() {
    position++;
  }

  RefusedException expected(String what) {
    return refused(
        what + " is expected " + (atEnd() ? "at its end" : "at: " + peek().text()),
        "Mend the clause.");
  }

  RefusedException refused(String what, String remedy) {
    return RefusedException.of("ALTER TABLE ... " + sql(), what, remedy);
  }
}
