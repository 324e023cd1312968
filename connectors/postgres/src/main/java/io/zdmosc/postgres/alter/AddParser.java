package io.zdmosc.postgres.alter;

import io.zdmosc.postgres.alter.AlterAction.Plain;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** Reads what begins with {@code ADD}: columns and constraints of the table. */
final class AddParser {
  private final ActionText action;

  private AddParser(ActionText action) {
    this.action = action;
  }

  /** Reads the action from after its first word on. */
  static List<AlterAction> parse(ActionText action) {
    AddParser parser = new AddParser(action);
    return action.at("constraint") || parser.atConstraint()
        ? List.of(parser.constraint())
        : ColumnParser.parse(action);
  }

  /** Reads a foreign key that is an action of its own, for the places of its names. */
  static ForeignKeyParser places(ActionText action) {
    action.accept("add");
    action.acceptConstraintName();
    ForeignKeyParser parser = new ForeignKeyParser(action);
    parser.foreignKey();
    parser.references();
    return parser;
  }

  private boolean atConstraint() {
    return action.at("check")
        || action.at("unique")
        || action.at("primary")
        || action.at("foreign")
        || action.at("not", "null")
        || atExclusion();
  }

  /** Not a reserved word: a column can have this name. */
  private boolean atExclusion() {
    int start = action.position();
    boolean exclusion = action.accept("exclude") && (action.atParenthesis() || action.at("using"));
    action.backTo(start);
    return exclusion;
  }

  private AlterAction constraint() {
    Optional<String> name = action.acceptConstraintName();
    if (action.at("foreign")) {
      return foreignKey(name);
    }
    if (!atConstraint()) {
      throw action.expected("CHECK, NOT NULL, UNIQUE, PRIMARY KEY, EXCLUDE or FOREIGN KEY");
    }
    boolean unique = action.accept("unique") || action.accept("primary", "key");
    if (unique && action.at("using", "index")) {
      throw action.refused(
          "an index of this table cannot become a constraint of its copy",
          "Write the columns instead: ADD [CONSTRAINT name] UNIQUE | PRIMARY KEY (columns)");
    }
    return new Plain(action.text());
  }

  private AlterAction foreignKey(Optional<String> name) {
    int start = action.position();
    ForeignKeyParser parser = new ForeignKeyParser(action);
    parser.foreignKey();
    parser.references();
    BitSet kept = new BitSet();
    kept.set(start, action.position());
    boolean notValid = false;
    while (!action.atEnd()) {
      int from = action.position();
      if (action.accept("not", "valid")) {
        notValid = true;
      } else if (parser.acceptAttribute()) {
        kept.set(from, action.position());
      } else {
        throw action.expected("an attribute of the foreign key");
      }
    }
    return parser.result(name, parser.columns(), action.text(kept), notValid, action.text());
  }
}
