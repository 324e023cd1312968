package io.zdmosc.harness.fuzz.postgres;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Makes a random change of a random table; some of them no server would take. */
final class RandomClause {
  private static final int MOST_ACTIONS = 5;

  private final RandomTable table;
  private final Dice dice;
  private final List<String> constraints;

  /** What the columns are called by now. */
  private final List<Column> columns = new ArrayList<>();

  private final List<String> actions = new ArrayList<>();

  /** Columns whose values nobody can foretell. */
  private final Set<String> unforeseen = new HashSet<>();

  RandomClause(RandomTable table, List<String> constraints) {
    this.table = table;
    this.dice = table.dice();
    this.constraints = constraints;
    columns.addAll(table.key());
    columns.addAll(table.values());
    int count = dice.oneIn(25) ? 0 : 1 + dice.below(MOST_ACTIONS);
    for (int i = 0; i < count; i++) {
      act();
    }
  }

  Clause clause() {
    return new Clause(table.name(), List.copyOf(actions));
  }

  /** New columns with values that differ from run to run, in quotes. */
  Set<String> unforeseen() {
    return Set.copyOf(unforeseen);
  }

  private void act() {
    switch (dice.below(20)) {
      case 0, 1, 2, 3, 4, 5 -> changeType();
      case 6, 7, 8 -> addColumn();
      case 9, 10 -> dropColumn();
      case 11, 12 -> rename();
      case 13, 14 -> alterColumn();
      case 15, 16, 17 -> constraint();
      default -> ofTable();
    }
  }

  private void changeType() {
    int place = dice.below(columns.size());
    Column column = columns.get(place);
    String into = dice.oneIn(10) ? column.kind().type() : dice.of(column.kind().into());
    actions.add(
        dice.of("ALTER COLUMN ", "ALTER ")
            + column.name()
            + dice.of(" TYPE ", " SET DATA TYPE ")
            + into.replace("@", column.name()));
  }

  private void addColumn() {
    String name = dice.oneIn(12) ? dice.of(columns).name() : table.names().column();
    ColumnKind kind = dice.of(ColumnKinds.ALL);
    String type = kind.type();
    String added =
        switch (dice.below(12)) {
          case 0, 1 -> name + " " + type;
          case 2, 3 -> name + " " + type + " NOT NULL DEFAULT " + kind.valueOf("9");
          case 4 ->
              name
                  + " "
                  + type
                  + " DEFAULT "
                  + kind.valueOf("9")
                  + " CHECK ("
                  + name
                  + " IS NOT NULL)";
          case 5 -> {
            unforeseen.add(name);
            yield name
                + dice.of(" serial", " bigint GENERATED ALWAYS AS IDENTITY", " bigserial UNIQUE");
          }
          case 6 -> {
            unforeseen.add(name);
            yield name + " text DEFAULT gen_random_uuid()::text";
          }
          case 7 -> name + " int NOT NULL";
          case 8 ->
              name
                  + " text GENERATED ALWAYS AS (coalesce("
                  + dice.of(columns).name()
                  + "::text, 'none')) STORED";
          case 9 ->
              name
                  + " boolean GENERATED ALWAYS AS ("
                  + dice.of(columns).name()
                  + " IS NULL)"
                  + (table.major() >= 18 ? dice.of("", " VIRTUAL", " STORED") : " STORED");
          case 10 -> "IF NOT EXISTS " + name + " " + type;
          default -> name + " " + type + " UNIQUE";
        };
    actions.add("ADD " + dice.of("COLUMN ", "") + added);
    columns.add(new Column(name, kind, true));
  }

  private void dropColumn() {
    if (columns.size() < 2) {
      return;
    }
    Column column = dice.oneIn(3) ? dice.of(columns) : columns.get(columns.size() - 1);
    columns.remove(column);
    actions.add(
        "DROP COLUMN "
            + dice.of("", "IF EXISTS ")
            + column.name()
            + dice.of("", "", " CASCADE", " RESTRICT"));
  }

  private void rename() {
    int place = dice.below(columns.size());
    Column column = columns.get(place);
    switch (dice.below(6)) {
      case 0 -> {
        int other = dice.below(columns.size());
        exchange(place, other);
      }
      case 1 -> {
        if (!constraints.isEmpty()) {
          actions.add(
              "RENAME CONSTRAINT "
                  + dice.of(constraints)
                  + " TO "
                  + table.names().other("renamed"));
        }
      }
      case 2 -> {
        if (dice.oneIn(2)) {
          actions.add("RENAME TO " + table.names().other("table"));
        }
      }
      default -> {
        String name = table.names().column();
        actions.add("RENAME " + dice.of("COLUMN ", "") + column.name() + " TO " + name);
        renamed(place, name);
      }
    }
  }

  private void exchange(int one, int other) {
    if (one == other) {
      return;
    }
    String between = table.names().column();
    String first = columns.get(one).name();
    String second = columns.get(other).name();
    actions.add("RENAME COLUMN " + first + " TO " + between);
    actions.add("RENAME COLUMN " + second + " TO " + first);
    actions.add("RENAME COLUMN " + between + " TO " + second);
    renamed(one, second);
    renamed(other, first);
  }

  private void renamed(int place, String name) {
    Column column = columns.get(place);
    columns.set(place, new Column(name, column.kind(), column.nullable()));
    if (unforeseen.contains(column.name())) {
      unforeseen.add(name);
    }
  }

  private void alterColumn() {
    Column column = dice.of(columns);
    String alter = "ALTER COLUMN " + column.name() + " ";
    actions.add(
        switch (dice.below(14)) {
          case 0, 1 -> alter + "SET DEFAULT " + column.kind().valueOf("4");
          case 2 -> alter + "DROP DEFAULT";
          case 3, 4 -> alter + "SET NOT NULL";
          case 5 -> alter + "DROP NOT NULL";
          case 6 -> alter + "SET STORAGE " + dice.of("EXTERNAL", "MAIN", "PLAIN");
          case 7 -> alter + "SET COMPRESSION pglz";
          case 8 -> alter + "SET STATISTICS " + dice.of("0", "100");
          case 9 -> alter + "SET (n_distinct = 5, n_distinct_inherited = 6)";
          case 10 -> alter + "ADD GENERATED " + dice.of("ALWAYS", "BY DEFAULT") + " AS IDENTITY";
          case 11 -> alter + "DROP IDENTITY" + dice.of("", " IF EXISTS");
          case 12 -> alter + "SET GENERATED BY DEFAULT SET INCREMENT BY 5 RESTART WITH 777777";
          default -> alter + "DROP EXPRESSION IF EXISTS";
        });
  }

  private void constraint() {
    Column column = dice.of(columns);
    String name = table.names().other("added");
    String known = constraints.isEmpty() ? name : dice.of(constraints);
    actions.add(
        switch (dice.below(10)) {
          case 0 -> "ADD CONSTRAINT " + name + " CHECK (" + column.name() + " IS NULL OR true)";
          case 1 -> "ADD CHECK (" + column.name() + " IS NOT NULL)";
          case 2 ->
              "ADD CONSTRAINT " + name + " CHECK (" + column.name() + "::text <> '3') NOT VALID";
          case 3 -> "ADD CONSTRAINT " + name + " UNIQUE (" + column.name() + ")";
          case 4 -> "ADD UNIQUE (" + column.name() + ", " + dice.of(columns).name() + ")";
          case 5 ->
              "ADD CONSTRAINT " + name + " EXCLUDE USING gist (" + column.name() + " WITH &&)";
          case 6 -> "VALIDATE CONSTRAINT " + known;
          case 7 -> "ADD PRIMARY KEY (" + table.keyNames() + ")";
          default ->
              "DROP CONSTRAINT " + dice.of("", "IF EXISTS ") + known + dice.of("", "", " CASCADE");
        });
  }

  /** Each at most once: the server takes some of them twice, and a migration does not. */
  private void ofTable() {
    String action =
        switch (dice.below(8)) {
          case 0 -> "SET (fillfactor = 55)";
          case 1 -> "RESET (fillfactor, autovacuum_vacuum_threshold)";
          case 2 -> "SET (toast.autovacuum_enabled = on, toast_tuple_target = 200)";
          case 3 -> "REPLICA IDENTITY " + dice.of("FULL", "DEFAULT");
          case 4 -> "OWNER TO CURRENT_USER";
          case 5 -> "SET SCHEMA moved";
          case 6 -> "SET TABLESPACE pg_default";
          default -> "SET ACCESS METHOD heap";
        };
    if (!actions.contains(action)) {
      actions.add(action);
    }
  }
}
