package io.zdmosc.postgres.shadow;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;

import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.postgres.alter.AlterAction;
import io.zdmosc.postgres.alter.AlterClause;
import io.zdmosc.postgres.alter.Stage;
import io.zdmosc.postgres.catalog.ConstraintInfo;
import io.zdmosc.postgres.catalog.ForeignKeyInfo;
import io.zdmosc.postgres.catalog.TableInfo;
import io.zdmosc.postgres.sql.Sql;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The foreign keys on their way through the clause: the source's own and those that the clause
 * adds. They never exist on the shadow, so actions that name them are carried out here.
 */
final class ForeignKeys {
  private final SourceTable source;
  private final Map<String, Carried> byName = new LinkedHashMap<>();
  private final Map<Long, ForeignKeyInfo> details;
  private final String template;
  private final List<String> notes = new ArrayList<>();

  private record Carried(ConstraintInfo constraint, boolean validate) {}

  /**
   * @param details of the source's keys
   * @param template its qualified name
   */
  ForeignKeys(SourceTable source, List<ForeignKeyInfo> details, String template) {
    this.source = source;
    this.template = template;
    this.details = details.stream().collect(toMap(ForeignKeyInfo::oid, key -> key));
    for (ConstraintInfo key : source.constraintsOfType("f")) {
      byName.put(key.name(), new Carried(key, key.validated()));
    }
  }

  /** The stage without what concerns foreign keys only; empty when nothing else is left. */
  Optional<Stage> without(Stage stage) {
    List<AlterAction> rest = new ArrayList<>();
    for (AlterAction action : stage.actions()) {
      if (!concerns(action)) {
        rest.add(action);
      }
    }
    return rest.isEmpty() ? Optional.empty() : Optional.of(new Stage(rest));
  }

  private boolean concerns(AlterAction action) {
    if (action instanceof AlterAction.DropConstraint drop && byName.containsKey(drop.name())) {
      byName.remove(drop.name());
      return true;
    }
    if (action instanceof AlterAction.RenameConstraint rename
        && byName.containsKey(rename.from())) {
      byName.put(rename.to(), byName.remove(rename.from()));
      return true;
    }
    if (action instanceof AlterAction.ValidateConstraint validate
        && byName.containsKey(validate.name())) {
      byName.computeIfPresent(validate.name(), (n, key) -> new Carried(key.constraint(), true));
      return true;
    }
    if (action instanceof AlterAction.AlterConstraint alter && byName.containsKey(alter.name())) {
      throw RefusedException.of(
          "constraint " + alter.name(),
          "a foreign key's properties cannot be changed by way of a shadow table",
          "Run ALTER TABLE ... " + alter.sql() + " by itself: it rewrites nothing.");
    }
    return false;
  }

  /** Finds a table by its name as the user's clause has it, in parts. */
  @FunctionalInterface
  interface Resolver {
    Optional<TableInfo> resolve(List<String> name) throws SQLException;
  }

  /** All foreign keys in their final form, with qualified names. */
  List<ForeignKey> finish(
      AlterClause clause,
      List<MappedColumn> columns,
      String finalSchema,
      String finalTable,
      Resolver resolver)
      throws SQLException {
    List<ForeignKey> keys = new ArrayList<>();
    byName.forEach(
        (constraint, carried) ->
            carried(constraint, carried, columns, Sql.name(finalSchema, finalTable))
                .ifPresent(keys::add));
    Map<List<String>, TableInfo> referenced = referenced(clause, resolver);
    for (AlterAction.AddForeignKey added :
        clause.foreignKeys(parts -> isItself(referenced.get(parts)))) {
      TableInfo target = referenced.get(added.referencedTable());
      // one that refers to the table itself may have its new name by now
      boolean itself = target == null || isItself(target);
      String sqlName = itself ? Sql.name(finalSchema, finalTable) : target.sqlName();
      keys.add(
          new ForeignKey(
              added.name().orElseGet(() -> defaultName(finalTable, added.columns(), keys)),
              added.referringTo(sqlName).definition(),
              added.referringTo(itself ? template : sqlName).definition(),
              !added.notValid(),
              itself ? source.table().oid() : target.oid(),
              null,
              true,
              added.columns(),
              added.referencedColumns()));
    }
    return keys;
  }

  List<String> notes() {
    return notes;
  }

  private static Map<List<String>, TableInfo> referenced(AlterClause clause, Resolver resolver)
      throws SQLException {
    Map<List<String>, TableInfo> tables = new HashMap<>();
    for (AlterAction.AddForeignKey key : clause.foreignKeys()) {
      String written = key.referencedTable().stream().map(Sql::name).collect(joining("."));
      tables.put(
          key.referencedTable(),
          resolver
              .resolve(key.referencedTable())
              .orElseThrow(
                  () ->
                      RefusedException.of(
                          "table " + written,
                          "does not exist, but a foreign key of the clause refers to it",
                          "Look at its name and its schema.")));
    }
    return tables;
  }

  private boolean isItself(TableInfo table) {
    return table.oid() == source.table().oid();
  }

  private Optional<ForeignKey> carried(
      String constraint, Carried carried, List<MappedColumn> columns, String served) {
    ForeignKeyInfo key = details.get(carried.constraint().oid());
    if (!key.isExact()) {
      throw RefusedException.of(
          "constraint " + constraint,
          "has a form that this version does not know: " + key.definition(),
          "Drop it in the same clause, and add it again afterwards.");
    }
    Optional<List<String>> names = present(key.from(), columns);
    if (names.isEmpty()) {
      notes.add("foreign key " + constraint + " goes with a column that is dropped");
      return Optional.empty();
    }
    ForeignKeyInfo.Side from = key.from().named(served, names.get());
    ForeignKeyInfo.Side to = itself(key, constraint, columns, served).orElse(key.to());
    boolean itself = key.to().table() == source.table().oid();
    return Optional.of(
        new ForeignKey(
            constraint,
            key.definition(from, to),
            key.definition(from, itself ? to.named(template, to.names()) : to),
            carried.validate(),
            key.to().table(),
            key.comment(),
            false,
            List.of(),
            List.of()));
  }

  /** The table under its final names where the key refers to the table itself. */
  private Optional<ForeignKeyInfo.Side> itself(
      ForeignKeyInfo key, String constraint, List<MappedColumn> columns, String served) {
    if (key.to().table() != source.table().oid()) {
      return Optional.empty();
    }
    List<String> names =
        present(key.to(), columns)
            .orElseThrow(
                () ->
                    RefusedException.of(
                        "constraint " + constraint,
                        "refers to a column that the clause drops",
                        "Drop it in the same clause: DROP CONSTRAINT " + Sql.name(constraint)));
    return Optional.of(key.to().named(served, names));
  }

  /** What these columns are called in the end; empty when one of them is dropped. */
  private static Optional<List<String>> present(
      ForeignKeyInfo.Side side, List<MappedColumn> columns) {
    List<String> names = new ArrayList<>();
    for (int number : side.columns()) {
      columns.stream()
          .filter(c -> c.source() != null && c.source().number() == number)
          .findFirst()
          .ifPresent(c -> names.add(Sql.name(c.column().name())));
    }
    return names.size() < side.columns().size() ? Optional.empty() : Optional.of(names);
  }

  /** The name that the server would choose: table, columns and a suffix, within 63 bytes. */
  private static String defaultName(String table, List<String> columns, List<ForeignKey> taken) {
    String tail = "_" + String.join("_", columns) + "_fkey";
    String head = table;
    while ((head + tail).getBytes(StandardCharsets.UTF_8).length > 60 && head.length() > 1) {
      head = head.substring(0, head.length() - 1);
    }
    String base = head + tail;
    String candidate = base;
    for (int i = 1; isTaken(candidate, taken); i++) {
      candidate = base + i;
    }
    return candidate;
  }

  private static boolean isTaken(String candidate, List<ForeignKey> taken) {
    return taken.stream().anyMatch(key -> key.name().equals(candidate));
  }
}
