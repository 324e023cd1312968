package io.zdmosc.postgres.shadow;

import io.zdmosc.postgres.alter.AlterAction;
import io.zdmosc.postgres.alter.SqlLexer;
import io.zdmosc.postgres.alter.SqlToken;
import io.zdmosc.postgres.alter.Stage;
import io.zdmosc.postgres.catalog.ColumnInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes out of a statement what changes the default of a column that the same statement adds, and
 * runs it behind: existing rows get the default that the column was added with, which would be gone
 * otherwise before it could be read.
 */
final class StageSplit {
  private StageSplit() {}

  static List<Stage> split(Stage stage, List<ColumnInfo> columns) {
    List<AlterAction> first = new ArrayList<>();
    List<AlterAction> behind = new ArrayList<>();
    for (AlterAction action : stage.actions()) {
      (changesDefaultOfNewColumn(action, columns) ? behind : first).add(action);
    }
    if (first.isEmpty() || behind.isEmpty()) {
      return List.of(stage);
    }
    return List.of(new Stage(first), new Stage(behind));
  }

  private static boolean changesDefaultOfNewColumn(AlterAction action, List<ColumnInfo> columns) {
    if (!(action instanceof AlterAction.Plain plain)) {
      return false;
    }
    List<SqlToken> tokens = SqlLexer.tokens(plain.sql());
    int at = tokens.size() > 1 && tokens.get(1).isWord("column") ? 2 : 1;
    if (tokens.size() < at + 3
        || !tokens.get(0).isWord("alter")
        || !(tokens.get(at + 1).isWord("set") || tokens.get(at + 1).isWord("drop"))
        || !tokens.get(at + 2).isWord("default")) {
      return false;
    }
    String column = tokens.get(at).text();
    return columns.stream().noneMatch(c -> c.name().equals(column));
  }
}
