package io.zdmosc.harness.fuzz.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The definition of a random table, and how its rows come from numbers. A row's number makes its
 * key; any number makes values for its other columns.
 */
final class RandomTable {
  private static final int MOST_COLUMNS = 9;
  private static final int MOST_GENERATED = 2;

  private final Dice dice;
  private final Names names;
  private final int major;
  private final int rows;
  private final String table;
  private final List<Column> key = new ArrayList<>();
  private final List<Column> values = new ArrayList<>();
  private final List<String> statements = new ArrayList<>();
  private boolean identityAlways;

  RandomTable(Dice dice, int major) {
    this.dice = dice;
    this.major = major;
    this.names = new Names(dice);
    this.rows = dice.of(0, 1, 40, 300, 300, 300, 900);
    String schema = dice.of("public", "public", "\"S'; --\"", "\"sch ema\"");
    if (!schema.equals("public")) {
      statements.add("CREATE SCHEMA " + schema);
    }
    this.table = schema + "." + names.other("table");
    define();
  }

  Dice dice() {
    return dice;
  }

  Names names() {
    return names;
  }

  int major() {
    return major;
  }

  int rows() {
    return rows;
  }

  /** Its qualified name, in quotes. */
  String name() {
    return table;
  }

  List<Column> key() {
    return List.copyOf(key);
  }

  /** The columns that are neither in the key nor generated. */
  List<Column> values() {
    return List.copyOf(values);
  }

  /** What makes the table and its first rows; all of it is valid. */
  List<String> statements() {
    return List.copyOf(statements);
  }

  /** The columns of the key, with commas in between. */
  String keyNames() {
    return key.stream().map(Column::name).collect(Collectors.joining(", "));
  }

  String keyTypes() {
    return key.stream().map(column -> column.kind().type()).collect(Collectors.joining(", "));
  }

  /** The condition that finds the row of a number. */
  String rowOf(String number) {
    return key.stream()
        .map(column -> column.name() + " = " + column.valueOf(number))
        .collect(Collectors.joining(" AND "));
  }

  /** An assignment of the key that belongs to a number. */
  String keyAssignment(String number) {
    return key.stream()
        .map(column -> column.name() + " = " + column.valueOf(number))
        .collect(Collectors.joining(", "));
  }

  /**
   * Inserts a row.
   *
   * @param number makes its key
   * @param value makes its values
   * @param into the columns that get one
   */
  String insert(String number, String value, List<Column> into, String from) {
    String columns =
        Stream.concat(key.stream(), into.stream())
            .map(Column::name)
            .collect(Collectors.joining(", "));
    String expressions =
        Stream.concat(
                key.stream().map(column -> column.valueOf(number)),
                into.stream().map(column -> column.valueOf(value)))
            .collect(Collectors.joining(", "));
    return "INSERT INTO "
        + table
        + " ("
        + columns
        + ")"
        + (identityAlways ? " OVERRIDING SYSTEM VALUE" : "")
        + " SELECT "
        + expressions
        + from;
  }

  private void define() {
    List<String> definitions = new ArrayList<>();
    String keyDefinition = defineKey(definitions);
    int count = 1 + dice.below(MOST_COLUMNS);
    for (int i = 0; i < count; i++) {
      definitions.add(dice.below(definitions.size() + 1), defineValue());
    }
    List<String> junk = new ArrayList<>();
    for (int i = dice.below(3); i > 0; i--) {
      String name = names.column();
      junk.add(name);
      definitions.add(
          dice.below(definitions.size() + 1), name + " " + dice.of("int", "text DEFAULT 'gone'"));
    }
    for (int i = dice.below(MOST_GENERATED + 1); i > 0; i--) {
      definitions.add(dice.below(definitions.size() + 1), generated());
    }
    definitions.add(keyDefinition);
    statements.add(
        "CREATE TABLE " + table + " (" + String.join(", ", definitions) + ")" + parameters());
    fill(junk);
  }

  private String parameters() {
    return dice.oneIn(4) ? " WITH (fillfactor = 70, toast.autovacuum_enabled = off)" : "";
  }

  private void fill(List<String> junk) {
    int middle = rows / 2;
    statements.add(insert("i", "i", values, " FROM generate_series(1, " + middle + ") AS i"));
    for (String name : junk) {
      statements.add("ALTER TABLE " + table + " DROP COLUMN " + name);
    }
    for (int i = dice.below(3); i > 0; i--) {
      // rows from before have such a value in the catalog only
      Column late = new Column(names.column(), dice.of(ColumnKinds.ALL), true);
      statements.add(
          "ALTER TABLE "
              + table
              + " ADD COLUMN "
              + late.name()
              + " "
              + late.kind().type()
              + (dice.oneIn(4) ? "" : " DEFAULT " + late.kind().valueOf("7")));
      values.add(late);
    }
    statements.add(
        insert("i", "i", values, " FROM generate_series(" + (middle + 1) + ", " + rows + ") AS i"));
  }

  private String defineKey(List<String> definitions) {
    boolean counted = dice.oneIn(3);
    if (dice.oneIn(3)) {
      Column group =
          new Column(
              names.column(),
              dice.of(
                  ColumnKind.of("mood", "(ARRAY['sad', 'Ok', 'it''s'])[1 + # % 3]", "text"),
                  ColumnKind.of("boolean", "# % 2 = 0", "int USING @::int", "text"),
                  ColumnKind.of("text COLLATE folded", "'G' || # % 3", "text COLLATE \"C\""),
                  ColumnKind.of("numeric", "# % 5 - 1.50", "numeric(9,1)", "text"),
                  ColumnKind.of("date", "date '2020-01-01' + (#)::int % 9", "timestamp")),
              false);
      key.add(group);
      definitions.add(group.name() + " " + group.kind().type() + " NOT NULL");
    }
    Column main =
        new Column(
            names.column(),
            counted
                ? ColumnKind.differing(
                    dice.of("int", "bigint"), "#", "bigint", "int", "text", "numeric(20,0)")
                : dice.of(ColumnKinds.KEYS),
            false);
    key.add(dice.below(key.size() + 1), main);
    definitions.add(
        main.name() + " " + (counted ? counting(main) : main.kind().type() + " NOT NULL"));
    return keyDefinition();
  }

  private String counting(Column main) {
    return switch (dice.below(4)) {
      case 0 -> main.is("big") ? "bigserial" : "serial";
      case 1 -> {
        identityAlways = true;
        yield main.kind().type() + " GENERATED ALWAYS AS IDENTITY (INCREMENT 3 CACHE 5)";
      }
      case 2 -> main.kind().type() + " GENERATED BY DEFAULT AS IDENTITY";
      default -> main.kind().type() + " GENERATED BY DEFAULT AS IDENTITY (START 100000)";
    };
  }

  private String keyDefinition() {
    String constraint = "CONSTRAINT " + names.other("key") + " ";
    return (dice.oneIn(2) ? constraint : "")
        + (dice.oneIn(4) ? "UNIQUE" : "PRIMARY KEY")
        + " ("
        + keyNames()
        + ")";
  }

  private String defineValue() {
    ColumnKind kind = dice.oneIn(6) ? dice.of(ColumnKinds.KEYS) : dice.of(ColumnKinds.ALL);
    Column column = new Column(names.column(), kind, dice.below(3) > 0);
    values.add(column);
    String storage = dice.oneIn(8) && kind.type().equals("text") ? " COMPRESSION pglz" : "";
    return column.name()
        + " "
        + kind.type().replace(" COLLATE", storage + " COLLATE")
        + (kind.type().contains("COLLATE") ? "" : storage)
        + (!column.nullable() && dice.oneIn(2) ? " NOT NULL" : "")
        + (dice.oneIn(4) && !kind.differs() ? " DEFAULT " + kind.valueOf("5") : "");
  }

  private String generated() {
    // what is VIRTUAL must not use types that are the user's
    List<Column> usable =
        Stream.concat(key.stream(), values.stream()).filter(Column::isOfTheServers).toList();
    if (usable.isEmpty()) {
      return names.column() + " int GENERATED ALWAYS AS (1 + 1) STORED";
    }
    Column column = dice.of(usable);
    Column other = dice.of(usable);
    String expression =
        dice.of(
            column.name() + " IS NULL",
            "num_nulls(" + column.name() + ", " + other.name() + ")",
            "coalesce(" + column.name() + ", " + column.name() + ") IS NOT DISTINCT FROM NULL");
    String type = expression.startsWith("num") ? "int" : "boolean";
    String how = major >= 18 && dice.oneIn(2) ? "VIRTUAL" : "STORED";
    return names.column() + " " + type + " GENERATED ALWAYS AS (" + expression + ") " + how;
  }
}
