package io.zdmosc.postgres.alter;

import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.postgres.alter.AlterAction.AlterConstraint;
import io.zdmosc.postgres.alter.AlterAction.ChangeType;
import io.zdmosc.postgres.alter.AlterAction.DropConstraint;
import io.zdmosc.postgres.alter.AlterAction.OwnerTo;
import io.zdmosc.postgres.alter.AlterAction.Plain;
import io.zdmosc.postgres.alter.AlterAction.RenameColumn;
import io.zdmosc.postgres.alter.AlterAction.RenameConstraint;
import io.zdmosc.postgres.alter.AlterAction.RenameTable;
import io.zdmosc.postgres.alter.AlterAction.SetSchema;
import io.zdmosc.postgres.alter.AlterAction.ValidateConstraint;
import java.util.List;
import java.util.Optional;

/**
 * Tells actions apart by their first words.
 *
 * <p>Words are matched where the grammar has them, never looked for, so that columns may be called
 * {@code type}, {@code set} or {@code rename}.
 */
final class ActionParser {
  private static final String CONSTRAINT = "the name of a constraint";
  private static final String COLUMN = "the name of a column";

  private final ActionText action;

  private ActionParser(ActionText action) {
    this.action = action;
  }

  /**
   * Returns the action, and behind it the foreign keys that were cut out of it.
   *
   * @throws RefusedException if it cannot be applied to a shadow table or is not understood
   */
  static List<AlterAction> parse(ActionText action) {
    Optional<RefusedException> refusal = Refusals.of(action);
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    return action.accept("add")
        ? AddParser.parse(action)
        : List.of(new ActionParser(action).parse());
  }

  private AlterAction parse() {
    if (action.accept("rename")) {
      return rename();
    }
    if (action.accept("alter", "constraint")) {
      return new AlterConstraint(action.name(CONSTRAINT).text(), action.text());
    }
    if (action.accept("alter")) {
      return alterColumn();
    }
    if (action.accept("drop", "constraint")) {
      return dropConstraint();
    }
    if (action.accept("drop")) {
      return dropColumn();
    }
    if (action.accept("validate", "constraint")) {
      SqlToken name = action.name(CONSTRAINT);
      action.end();
      return new ValidateConstraint(name.text(), action.text());
    }
    if (action.accept("owner", "to")) {
      int role = action.position();
      action.name("the name of a role");
      action.end();
      return new OwnerTo(action.text(role, role + 1), action.text());
    }
    if (action.accept("set", "schema")) {
      SqlToken schema = action.name("the name of a schema");
      action.end();
      return new SetSchema(schema.text(), action.text());
    }
    if (atTableProperty()) {
      return new Plain(action.text());
    }
    throw action.refused(
        "it is not an action of ALTER TABLE that is known",
        "Check the first words, and that a comma separates it from the action before.");
  }

  private AlterAction rename() {
    if (action.accept("to")) {
      SqlToken to = action.name("the new name of the table");
      action.end();
      return new RenameTable(to.text(), action.text());
    }
    boolean constraint = action.accept("constraint");
    if (!constraint) {
      action.accept("column");
    }
    String from = action.name(constraint ? CONSTRAINT : COLUMN).text();
    if (!action.accept("to")) {
      throw action.expected("TO");
    }
    String to = action.name("the new name").text();
    action.end();
    return constraint
        ? new RenameConstraint(from, to, action.text())
        : new RenameColumn(from, to, action.text());
  }

  private AlterAction alterColumn() {
    action.accept("column");
    String column = action.name(COLUMN).text();
    if (action.accept("type") || action.accept("set", "data", "type")) {
      return changeType(column);
    }
    if (action.at("options")) {
      throw Refusals.of(action).orElseThrow();
    }
    if (action.at("set")
        || action.at("reset")
        || action.at("drop")
        || action.at("restart")
        || action.at("add", "generated")) {
      return new Plain(action.text());
    }
    throw action.expected("TYPE, SET, RESET, DROP, ADD GENERATED or RESTART");
  }

  private AlterAction changeType(String column) {
    action.name("a type");
    while (!action.atEnd() && (action.afterDot() || !action.at("using"))) {
      action.skip();
    }
    if (!action.accept("using")) {
      return new ChangeType(column, action.text(), Optional.empty());
    }
    if (action.atEnd()) {
      throw action.expected("an expression");
    }
    String using = action.text(action.position(), action.size());
    return new ChangeType(column, action.text(), Optional.of(using));
  }

  private AlterAction dropConstraint() {
    boolean ifExists = action.accept("if", "exists");
    String name = action.name(CONSTRAINT).text();
    boolean cascade = action.accept("cascade");
    if (!cascade) {
      action.accept("restrict");
    }
    action.end();
    return new DropConstraint(name, ifExists, cascade, action.text());
  }

  private AlterAction dropColumn() {
    action.accept("column");
    action.accept("if", "exists");
    action.name(COLUMN);
    return new Plain(action.text());
  }

  private boolean atTableProperty() {
    return action.at("set", "tablespace")
        || action.at("set", "logged")
        || action.at("set", "unlogged")
        || action.at("set", "access", "method")
        || action.at("replica", "identity")
        || ((action.accept("set") || action.accept("reset")) && action.atParenthesis());
  }
}
