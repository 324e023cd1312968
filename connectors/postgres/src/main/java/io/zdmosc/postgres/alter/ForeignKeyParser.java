package io.zdmosc.postgres.alter;

import static io.zdmosc.postgres.alter.SqlToken.Kind.CLOSE;
import static io.zdmosc.postgres.alter.SqlToken.Kind.COMMA;
import static io.zdmosc.postgres.alter.SqlToken.Kind.DOT;
import static io.zdmosc.postgres.alter.SqlToken.Kind.OPEN;

import io.zdmosc.postgres.alter.AlterAction.AddForeignKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the parts of a foreign key's definition. Whatever it does not know, it refuses. */
final class ForeignKeyParser {
  private static final List<String> ATTRIBUTES =
      List.of(
          "deferrable",
          "not deferrable",
          "initially deferred",
          "initially immediate",
          "enforced",
          "not enforced");
  private static final List<Set<String>> CONTRADICTIONS =
      List.of(
          Set.of("deferrable", "not deferrable"),
          Set.of("initially deferred", "initially immediate"),
          Set.of("initially deferred", "not deferrable"),
          Set.of("enforced", "not enforced"));

  private final ActionText action;

  /** Where the tokens stand that name a column of the referencing table. */
  private final List<Integer> ownNames = new ArrayList<>();

  private final List<String> columns = new ArrayList<>();
  private final List<String> table = new ArrayList<>();
  private final List<Integer> referencedNames = new ArrayList<>();
  private final Set<String> attributes = new LinkedHashSet<>();
  private int tableName;

  ForeignKeyParser(ActionText action) {
    this.action = action;
  }

  /** {@code FOREIGN KEY (columns)}. */
  void foreignKey() {
    if (!action.accept("foreign", "key")) {
      throw action.expected("FOREIGN KEY");
    }
    columnList(ownNames, true);
    ownNames.forEach(position -> columns.add(action.token(position).text()));
  }

  /** {@code REFERENCES table [(columns)] [MATCH ..] [ON ..]}, without the attributes. */
  void references() {
    if (!action.accept("references")) {
      throw action.expected("REFERENCES");
    }
    do {
      tableName = action.position();
      table.add(action.name("the name of a table").text());
    } while (action.acceptKind(DOT));
    if (action.atParenthesis()) {
      columnList(referencedNames, true);
    }
    if (action.accept("match") && !action.accept("full") && !action.accept("simple")) {
      throw action.expected("FULL or SIMPLE");
    }
    boolean onDelete = acceptEvent("delete");
    boolean onUpdate = acceptEvent("update");
    if (onUpdate && !onDelete) {
      acceptEvent("delete");
    }
  }

  private boolean acceptEvent(String event) {
    boolean found = action.accept("on", event);
    if (found) {
      reaction();
    }
    return found;
  }

  private void reaction() {
    if (action.accept("no", "action") || action.accept("restrict") || action.accept("cascade")) {
      return;
    }
    if (!action.accept("set", "null") && !action.accept("set", "default")) {
      throw action.expected("NO ACTION, RESTRICT, CASCADE, SET NULL or SET DEFAULT");
    }
    if (action.atParenthesis()) {
      columnList(ownNames, false);
    }
  }

  /**
   * Accepts one attribute of those that a foreign key can have in either form. Contradictions are
   * found here, as the server sees the key at the cut-over only.
   */
  boolean acceptAttribute() {
    for (String attribute : ATTRIBUTES) {
      if (action.accept(attribute.split(" "))) {
        attributes.add(attribute);
        if (CONTRADICTIONS.stream().anyMatch(attributes::containsAll)) {
          throw action.refused(
              "attributes of the foreign key contradict each other: "
                  + String.join(", ", attributes),
              "Keep the one that is meant.");
        }
        return true;
      }
    }
    return false;
  }

  private void columnList(List<Integer> names, boolean periodAllowed) {
    if (!action.atParenthesis()) {
      throw action.expected("a list of columns in parentheses");
    }
    action.acceptKind(OPEN);
    boolean period = false;
    do {
      period = periodAllowed && !names.isEmpty() && action.acceptPrefix("period");
      names.add(action.position());
      action.name("the name of a column");
    } while (!period && action.acceptKind(COMMA));
    if (!action.acceptKind(CLOSE)) {
      throw action.expected(period ? ")" : ", or )");
    }
  }

  /** What was read, for columns that were not read here. */
  AddForeignKey result(
      Optional<String> name,
      List<String> columns,
      String definition,
      boolean notValid,
      String sql) {
    List<String> referenced =
        referencedNames.stream().map(position -> action.token(position).text()).toList();
    return new AddForeignKey(name, columns, table, referenced, definition, notValid, sql);
  }

  /** The referencing columns that were read. */
  List<String> columns() {
    return columns;
  }

  /** Positions of the tokens that name columns of the referencing table. */
  List<Integer> ownNames() {
    return List.copyOf(ownNames);
  }

  /** Positions of the tokens that name columns of the referenced table. */
  List<Integer> referencedNames() {
    return List.copyOf(referencedNames);
  }

  /** Position of the last part of the referenced table's name. */
  int tableName() {
    return tableName;
  }
}
