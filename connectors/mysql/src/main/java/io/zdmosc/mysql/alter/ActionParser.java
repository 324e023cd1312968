package io.zdmosc.mysql.alter;

import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.mysql.alter.AlterAction.AddColumns;
import io.zdmosc.mysql.alter.AlterAction.DropColumn;
import io.zdmosc.mysql.alter.AlterAction.Plain;
import io.zdmosc.mysql.alter.AlterAction.RenameColumn;
import io.zdmosc.mysql.alter.AlterAction.RenameTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Tells actions apart by their first words, and finds the columns whose names they touch. */
final class ActionParser {
  private static final String COLUMN = "the name of a column";

  /** What may stand behind ADD and is no column. */
  private static final Set<String> NO_COLUMN =
      Set.of(
          "INDEX",
          "KEY",
          "FULLTEXT",
          "SPATIAL",
          "UNIQUE",
          "PRIMARY",
          "CONSTRAINT",
          "FOREIGN",
          "CHECK",
          "VECTOR");

  private final ActionText action;

  private ActionParser(ActionText action) {
    this.action = action;
  }

  static AlterAction parse(ActionText action) {
    Refusals.of(action)
        .ifPresent(
            refusal -> {
              throw refusal;
            });
    return new ActionParser(action).parse();
  }

  private AlterAction parse() {
    if (action.accept("ADD")) {
      return add();
    }
    if (action.accept("DROP")) {
      return drop();
    }
    if (action.accept("CHANGE")) {
      action.accept("COLUMN");
      action.accept("IF", "EXISTS");
      String from = action.name(COLUMN);
      return new RenameColumn(from, action.name("the column's new name"), action.sql());
    }
    if (action.accept("RENAME")) {
      return rename();
    }
    return new Plain(action.sql());
  }

  private AlterAction add() {
    boolean column = action.accept("COLUMN");
    if (!column && (isNoColumn() || action.at("PERIOD", "FOR") || action.at("SYSTEM"))) {
      return new Plain(action.sql());
    }
    action.accept("IF", "NOT", "EXISTS");
    List<String> columns = new ArrayList<>();
    if (action.acceptKind(SqlToken.Kind.OPEN)) {
      int depth = 1;
      if (!isNoColumn()) {
        columns.add(action.name(COLUMN));
      }
      while (!action.atEnd() && depth > 0) {
        SqlToken token = action.peek();
        action.skip();
        depth += token.is(SqlToken.Kind.OPEN) ? 1 : token.is(SqlToken.Kind.CLOSE) ? -1 : 0;
        if (depth == 1 && token.is(SqlToken.Kind.COMMA) && !isNoColumn()) {
          columns.add(action.name(COLUMN));
        }
      }
    } else {
      columns.add(action.name(COLUMN));
    }
    return new AddColumns(columns, action.sql());
  }

  private boolean isNoColumn() {
    return !action.atEnd()
        && action.peek().is(SqlToken.Kind.WORD)
        && NO_COLUMN.stream().anyMatch(word -> action.peek().isWord(word));
  }

  private AlterAction drop() {
    if (!action.accept("COLUMN") && (isNoColumn() || action.at("PERIOD") || action.at("SYSTEM"))) {
      return new Plain(action.sql());
    }
    action.accept("IF", "EXISTS");
    return new DropColumn(action.name(COLUMN), action.sql());
  }

  private AlterAction rename() {
    if (action.accept("COLUMN")) {
      action.accept("IF", "EXISTS");
      String from = action.name(COLUMN);
      if (!action.accept("TO")) {
        throw action.expected("TO");
      }
      return new RenameColumn(from, action.name("the column's new name"), action.sql());
    }
    if (action.at("INDEX") || action.at("KEY")) {
      return new Plain(action.sql());
    }
    if (!action.accept("TO")) {
      action.accept("AS");
    }
    String to = action.name("the table's new name");
    if (!action.atEnd()) {
      RefusedException refusal =
          action.refused(
              "a table cannot be moved to another database by way of a shadow table",
              "Rename it within its database, and put nothing behind the new name.");
      throw refusal;
    }
    return new RenameTable(to, action.sql());
  }
}
