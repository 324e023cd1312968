package io.zdmosc.postgres.alter;

import io.zdmosc.engine.error.RefusedException;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * The tokens of one action, read from left to right, and its text.
 *
 * <p>Not safe for use by several threads.
 */
final class ActionText {
  private static final int SHOWN = 60;

  private final String clause;
  private final List<SqlToken> tokens;
  private int next;

  /** At least one token; positions are those in the clause. */
  ActionText(String clause, List<SqlToken> tokens) {
    this.clause = clause;
    this.tokens = List.copyOf(tokens);
  }

  /** All of the text; it holds at least one token. */
  static ActionText of(String text) {
    return new ActionText(text, SqlLexer.tokens(text));
  }

  int position() {
    return next;
  }

  void backTo(int position) {
    next = position;
  }

  int size() {
    return tokens.size();
  }

  boolean atEnd() {
    return next >= tokens.size();
  }

  SqlToken token(int position) {
    return tokens.get(position);
  }

  /** Whether these unquoted words, in lower case, come next. */
  boolean at(String... words) {
    for (int i = 0; i < words.length; i++) {
      if (next + i >= tokens.size() || !tokens.get(next + i).isWord(words[i])) {
        return false;
      }
    }
    return true;
  }

  boolean accept(String... words) {
    boolean found = at(words);
    next += found ? words.length : 0;
    return found;
  }

  /** Accepts a word that a name follows; by itself, the word would be a name. */
  boolean acceptPrefix(String word) {
    boolean found = at(word) && next + 1 < tokens.size() && tokens.get(next + 1).isName();
    next += found ? 1 : 0;
    return found;
  }

  /** Whether a dot precedes, after which the server takes reserved words for names. */
  boolean afterDot() {
    return next > 0 && tokens.get(next - 1).kind() == SqlToken.Kind.DOT;
  }

  boolean atParenthesis() {
    return !atEnd() && tokens.get(next).isOpen("(");
  }

  boolean acceptKind(SqlToken.Kind kind) {
    boolean found = !atEnd() && tokens.get(next).kind() == kind;
    next += found ? 1 : 0;
    return found;
  }

  Optional<SqlToken> acceptName() {
    return !atEnd() && tokens.get(next).isName()
        ? Optional.of(tokens.get(next++))
        : Optional.empty();
  }

  /** Accepts {@code CONSTRAINT name}. */
  Optional<String> acceptConstraintName() {
    boolean named = !afterDot() && accept("constraint");
    return named ? Optional.of(name("the name of a constraint").text()) : Optional.empty();
  }

  SqlToken name(String what) {
    return acceptName().orElseThrow(() -> expected(what));
  }

  /** Moves past the next token, or past all of the parentheses that it opens. */
  void skip() {
    int depth = 0;
    do {
      SqlToken token = tokens.get(next++);
      depth += token.kind() == SqlToken.Kind.OPEN ? 1 : 0;
      depth -= token.kind() == SqlToken.Kind.CLOSE ? 1 : 0;
    } while (depth > 0);
  }

  void end() {
    if (!atEnd()) {
      throw expected("the end of the action");
    }
  }

  /** The whole action as written, with the comments inside. */
  String text() {
    return text(0, tokens.size());
  }

  /** As written, without blanks and comments before and after. */
  String text(int from, int to) {
    return clause.substring(tokens.get(from).start(), tokens.get(to - 1).end());
  }

  /** The text of these tokens; one space stands for what was left out in between. */
  String text(BitSet kept) {
    StringBuilder text = new StringBuilder();
    int from = kept.nextSetBit(0);
    while (from >= 0) {
      int to = kept.nextClearBit(from);
      text.append(text.isEmpty() ? "" : " ").append(text(from, to));
      from = kept.nextSetBit(to);
    }
    return text.toString();
  }

  RefusedException expected(String what) {
    int offset = atEnd() ? tokens.get(size() - 1).end() : tokens.get(next).start();
    String place = atEnd() ? "at its end" : "at \"" + text(next, next + 1) + "\"";
    int character = clause.codePointCount(0, offset) + 1;
    return refused(
        "expected " + what + " " + place + " (character " + character + ")",
        "Write it as the manual of ALTER TABLE has it.");
  }

  RefusedException refused(String what, String remedy) {
    return RefusedException.of(shown(), what, remedy);
  }

  /** The action as messages name it: on one line, the beginning only. */
  String shown() {
    String line = text().replaceAll("\\s+", " ");
    if (line.codePointCount(0, line.length()) <= SHOWN) {
      return line;
    }
    return line.substring(0, line.offsetByCodePoints(0, SHOWN)) + "...";
  }
}
