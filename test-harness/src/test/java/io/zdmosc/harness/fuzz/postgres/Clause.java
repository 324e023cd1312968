package io.zdmosc.harness.fuzz.postgres;

import java.util.ArrayList;
import java.util.List;

/**
 * A list of actions of ALTER TABLE.
 *
 * @param table the name of the table before, with its schema
 * @param actions in their order
 */
record Clause(String table, List<String> actions) {
  private static final String RENAME = "RENAME ";
  private static final String RENAME_TABLE = "RENAME TO ";
  private static final String MOVE = "SET SCHEMA ";

  /** As {@code --alter} takes it. */
  String text() {
    return String.join(", ", actions);
  }

  /** As the server takes it: what it has only as a statement of its own is one. */
  List<String> statements() {
    List<String> statements = new ArrayList<>();
    List<String> together = new ArrayList<>();
    String name = table;
    for (String action : actions) {
      if (!isAlone(action)) {
        together.add(action);
        continue;
      }
      close(statements, name, together);
      statements.add("ALTER TABLE " + name + " " + action);
      name = after(name, action);
    }
    close(statements, name, together);
    return statements;
  }

  /** What the table is called in the end. */
  String target() {
    String name = table;
    for (String action : actions) {
      name = after(name, action);
    }
    return name;
  }

  private static boolean isAlone(String action) {
    return action.startsWith(RENAME) || action.startsWith(MOVE);
  }

  private static String after(String table, String action) {
    int dot = table.lastIndexOf(".\"");
    if (action.startsWith(RENAME_TABLE)) {
      return table.substring(0, dot + 1) + action.substring(RENAME_TABLE.length());
    }
    return action.startsWith(MOVE) ? action.substring(MOVE.length()) + table.substring(dot) : table;
  }

  private static void close(List<String> statements, String name, List<String> together) {
    if (!together.isEmpty()) {
      statements.add("ALTER TABLE " + name + " " + String.join(", ", together));
      together.clear();
    }
  }
}
