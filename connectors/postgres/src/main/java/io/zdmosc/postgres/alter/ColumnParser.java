package io.zdmosc.postgres.alter;

import static io.zdmosc.postgres.alter.SqlToken.Kind.DOT;

import io.zdmosc.postgres.alter.AlterAction.AddForeignKey;
import io.zdmosc.postgres.alter.AlterAction.Plain;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Takes the {@code REFERENCES} out of a column that is added.
 *
 * <p>The word is reserved, so outside of parentheses and quotes it begins a foreign key, unless a
 * dot precedes it. The key owns the attributes behind it up to the next constraint; a {@code
 * COLLATE} in between is the column's, and the server looks past it.
 */
final class ColumnParser {
  private static final List<String> CONSTRAINTS =
      List.of(
          "constraint",
          "not",
          "null",
          "unique",
          "primary",
          "check",
          "default",
          "generated",
          "references");

  private final ActionText action;
  private final String column;
  private final String columnAsWritten;

  /** The tokens that stay in the column's definition. */
  private final BitSet kept = new BitSet();

  private final List<AlterAction> foreignKeys = new ArrayList<>();

  private ColumnParser(ActionText action) {
    this.action = action;
    int start = action.position();
    this.column = action.name("the name of a column").text();
    this.columnAsWritten = action.text(start, action.position());
    kept.set(0, action.size());
  }

  /** Reads a column from after {@code ADD} on; its foreign keys come after it. */
  static List<AlterAction> parse(ActionText action) {
    action.accept("column");
    boolean ifNotExists = action.accept("if", "not", "exists");
    ColumnParser parser = new ColumnParser(action);
    action.acceptName(); // The type, without which the server is to refuse the column.
    parser.constraints();
    if (ifNotExists && !parser.foreignKeys.isEmpty()) {
      throw action.refused(
          "whether the foreign key is added depends on whether the column exists",
          "Leave out IF NOT EXISTS; if the column exists, add the foreign key only.");
    }
    List<AlterAction> actions = new ArrayList<>();
    actions.add(new Plain(action.text(parser.kept)));
    actions.addAll(parser.foreignKeys);
    return actions;
  }

  private void constraints() {
    while (!action.atEnd()) {
      int start = action.position();
      Optional<String> name = action.acceptConstraintName();
      if (action.at("references") && !action.afterDot()) {
        foreignKeys.add(reference(start, name));
      } else if (name.isEmpty()) {
        action.skip();
      }
    }
  }

  private AddForeignKey reference(int start, Optional<String> name) {
    String constraint = name.isEmpty() ? "" : action.text(start, action.position()) + " ";
    int from = action.position();
    ForeignKeyParser parser = new ForeignKeyParser(action);
    parser.references();
    BitSet reference = new BitSet();
    reference.set(from, action.position());
    int next = action.position();
    while (parser.acceptAttribute() || acceptCollation()) {
      reference.set(next, action.position(), !action.token(next).isWord("collate"));
      next = action.position();
    }
    requireConstraintNext();
    kept.clear(start, from);
    kept.andNot(reference);
    String definition = "FOREIGN KEY (" + columnAsWritten + ") " + action.text(reference);
    return parser.result(
        name, List.of(column), definition, false, "ADD " + constraint + definition);
  }

  private boolean acceptCollation() {
    if (!action.accept("collate")) {
      return false;
    }
    if (action.at("references") || action.at("constraint")) {
      throw action.expected("the name of a collation"); // reserved: the server takes it for no name
    }
    do {
      action.name("the name of a collation");
    } while (action.acceptKind(DOT));
    return true;
  }

  private void requireConstraintNext() {
    if (action.at("not", "valid")) {
      throw action.refused(
          "a column's definition takes no NOT VALID",
          "Add the foreign key as an action of its own: ADD FOREIGN KEY (..) .. NOT VALID");
    }
    if (!action.atEnd() && CONSTRAINTS.stream().noneMatch(action::at)) {
      throw action.expected("another constraint of the column");
    }
  }
}
