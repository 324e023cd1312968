package io.zdmosc.harness.fuzz.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a random table may have besides its columns. Not everything suits every column: what the
 * server does not take is left out.
 */
final class RandomPieces {
  private static final int MOST = 12;

  private final RandomTable table;
  private final Dice dice;
  private final String name;

  /** The names of constraints and of indexes that may have come to be, in quotes. */
  private final List<String> constraints = new ArrayList<>();

  RandomPieces(RandomTable table) {
    this.table = table;
    this.dice = table.dice();
    this.name = table.name();
  }

  List<String> constraints() {
    return List.copyOf(constraints);
  }

  /** Statements, any of which may be refused by the server. */
  List<String> statements() {
    List<String> all = new ArrayList<>();
    for (int i = dice.below(MOST); i > 0; i--) {
      all.addAll(
          switch (dice.below(9)) {
            case 0, 1, 2 -> index();
            case 3, 4 -> constraint();
            case 5 -> ofColumn();
            case 6 -> reference();
            case 7 -> reacting();
            default -> ofTable();
          });
    }
    return all;
  }

  private Column any() {
    return dice.of(Stream.concat(table.key().stream(), table.values().stream()).toList());
  }

  private List<String> index() {
    Column column = any();
    String index = table.names().other("index");
    String plain = column.name();
    String what =
        switch (dice.below(12)) {
          case 0 -> "(" + plain + " DESC NULLS LAST)";
          case 1 -> "((" + plain + "::text))";
          case 2 -> "USING gin (" + plain + ")";
          case 3 -> "USING gist (" + plain + ")";
          case 4 -> "USING brin (" + plain + ") WITH (pages_per_range = 4)";
          case 5 -> "USING hash (" + plain + ")";
          case 6 -> "(" + plain + ") INCLUDE (" + any().name() + ")";
          case 7 -> "(" + plain + ") WHERE " + any().name() + " IS NOT NULL";
          case 8 -> "((" + plain + " IS NULL), " + any().name() + ") WITH (fillfactor = 60)";
          case 9 -> "(" + plain + ", " + any().name() + " COLLATE \"C\")";
          default -> "(" + plain + ")";
        };
    String unique = column.kind().differs() && dice.oneIn(2) ? "UNIQUE " : "";
    String nulls =
        !unique.isEmpty()
                && table.major() >= 15
                && dice.oneIn(3)
                && !what.contains("WHERE")
                && !what.contains("WITH")
                && !column.nullable()
            ? " NULLS NOT DISTINCT"
            : "";
    String create = "CREATE " + unique + "INDEX " + index + " ON " + name + " " + what + nulls;
    String schema =
        name.substring(0, name.indexOf('.', name.startsWith("\"") ? name.indexOf('"', 1) : 0));
    return switch (dice.below(6)) {
      case 0 ->
          List.of(create, "COMMENT ON INDEX " + schema + "." + index + " IS 'it''s an index'");
      case 1 -> List.of(create, "ALTER TABLE " + name + " CLUSTER ON " + index);
      case 2 -> List.of(create, "ALTER TABLE " + name + " REPLICA IDENTITY USING INDEX " + index);
      case 3 ->
          List.of(
              create, "ALTER INDEX " + schema + "." + index + " ALTER COLUMN 1 SET STATISTICS 77");
      default -> List.of(create);
    };
  }

  private List<String> constraint() {
    Column column = any();
    String constraint = table.names().other("constraint");
    String what =
        switch (dice.below(8)) {
          case 0 -> "CHECK (" + column.name() + " IS NOT NULL OR 1 < 2)";
          case 1 -> "CHECK (" + column.name() + "::text <> 'nobody') NOT VALID";
          case 2 -> "CHECK (length(" + column.name() + "::text) >= 0) NO INHERIT";
          case 3 -> "EXCLUDE USING gist (" + column.name() + " WITH &&)";
          case 4 ->
              (column.kind().differs()
                  ? "UNIQUE (" + column.name() + ") DEFERRABLE INITIALLY DEFERRED"
                  : "CHECK (" + column.name() + " IS NOT DISTINCT FROM " + column.name() + ")");
          case 5 ->
              (column.kind().differs()
                  ? "EXCLUDE ("
                      + column.name()
                      + " WITH =) WHERE ("
                      + column.name()
                      + " IS NOT NULL)"
                  : "CHECK (num_nulls(" + column.name() + ") < 2)");
          case 6 -> column.kind().differs() ? "UNIQUE (" + column.name() + ")" : "CHECK (true)";
          default -> "CHECK ((" + column.name() + ") IS NULL OR true)";
        };
    constraints.add(constraint);
    String add = "ALTER TABLE " + name + " ADD CONSTRAINT " + constraint + " " + what;
    return dice.oneIn(3)
        ? List.of(add, "COMMENT ON CONSTRAINT " + constraint + " ON " + name + " IS 'a \"rule\"'")
        : List.of(add);
  }

  private List<String> ofColumn() {
    String column = any().name();
    String alter = "ALTER TABLE " + name + " ALTER COLUMN " + column + " ";
    return List.of(
        switch (dice.below(6)) {
          case 0 -> "COMMENT ON COLUMN " + name + "." + column + " IS 'this is \"it''s\" ☃'";
          case 1 -> alter + "SET STATISTICS 500";
          case 2 -> alter + "SET (n_distinct = -0.5)";
          case 3 -> alter + "SET STORAGE " + dice.of("EXTERNAL", "MAIN", "PLAIN", "EXTENDED");
          case 4 ->
              "GRANT SELECT (" + column + "), UPDATE (" + column + ") ON " + name + " TO PUBLIC";
          default ->
              "CREATE STATISTICS "
                  + table.names().other("statistics")
                  + " ON "
                  + column
                  + ", "
                  + any().name()
                  + " FROM "
                  + name;
        });
  }

  private List<String> reference() {
    String constraint = table.names().other("foreign");
    if (dice.oneIn(2)) {
      // the other way round: a table that refers to this one
      String kid = table.names().other("kid");
      String columns = String.join(", ", kidColumns());
      return List.of(
          "CREATE TABLE " + kid + " (" + columns + ")",
          "INSERT INTO "
              + kid
              + " SELECT "
              + table.keyNames()
              + " FROM "
              + name
              + " ORDER BY "
              + table.keyNames()
              + " LIMIT 5",
          "ALTER TABLE "
              + kid
              + " ADD CONSTRAINT "
              + constraint
              + " FOREIGN KEY ("
              + kidNames()
              + ") REFERENCES "
              + name
              + " ("
              + table.keyNames()
              + ") ON DELETE CASCADE ON UPDATE CASCADE"
              + dice.of("", " DEFERRABLE", " NOT VALID"));
    }
    constraints.add(constraint);
    Column column = any();
    String lookup = table.names().other("lookup");
    return List.of(
        "CREATE TABLE "
            + lookup
            + " AS SELECT DISTINCT "
            + column.name()
            + " AS v FROM "
            + name
            + " WHERE "
            + column.name()
            + " IS NOT NULL",
        "ALTER TABLE " + lookup + " ADD UNIQUE (v)",
        "ALTER TABLE "
            + name
            + " ADD CONSTRAINT "
            + constraint
            + " FOREIGN KEY ("
            + column.name()
            + ") REFERENCES "
            + lookup
            + " (v) "
            + dice.of("", "ON DELETE SET NULL", "NOT VALID", "DEFERRABLE INITIALLY DEFERRED"));
  }

  private List<String> kidColumns() {
    List<String> columns = new ArrayList<>();
    int number = 0;
    for (Column column : table.key()) {
      columns.add("k" + number++ + " " + column.kind().type());
    }
    return columns;
  }

  private String kidNames() {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < table.key().size(); i++) {
      columns.add("k" + i);
    }
    return String.join(", ", columns);
  }

  private List<String> reacting() {
    String trigger = table.names().other("trigger");
    Column column = any();
    return switch (dice.below(5)) {
      case 0 ->
          List.of(
              "CREATE TRIGGER "
                  + trigger
                  + " AFTER INSERT OR UPDATE OR DELETE ON "
                  + name
                  + " FOR EACH ROW EXECUTE FUNCTION note()",
              "COMMENT ON TRIGGER " + trigger + " ON " + name + " IS 'notes'");
      case 1 ->
          List.of(
              "CREATE TRIGGER "
                  + trigger
                  + " BEFORE UPDATE OF "
                  + column.name()
                  + " ON "
                  + name
                  + " FOR EACH ROW WHEN (OLD."
                  + column.name()
                  + " IS DISTINCT FROM NEW."
                  + column.name()
                  + ") EXECUTE FUNCTION note()",
              "ALTER TABLE "
                  + name
                  + " "
                  + dice.of("DISABLE", "ENABLE ALWAYS", "ENABLE")
                  + " TRIGGER "
                  + trigger);
      case 2 ->
          List.of(
              "CREATE POLICY "
                  + trigger
                  + " ON "
                  + name
                  + " FOR ALL USING ("
                  + column.name()
                  + " IS NOT NULL) WITH CHECK (true)",
              "ALTER TABLE " + name + " ENABLE ROW LEVEL SECURITY");
      case 3 ->
          List.of(
              "CREATE RULE "
                  + trigger
                  + " AS ON DELETE TO "
                  + name
                  + " WHERE OLD."
                  + column.name()
                  + " IS NOT NULL DO ALSO INSERT INTO notes VALUES ('rule')");
      default ->
          List.of(
              "CREATE VIEW "
                  + table.names().other("view")
                  + " AS SELECT "
                  + dice.of("*", column.name() + " AS x", "count(" + column.name() + ")")
                  + " FROM "
                  + name);
    };
  }

  private List<String> ofTable() {
    return List.of(
        switch (dice.below(7)) {
          case 0 -> "COMMENT ON TABLE " + name + " IS 'table''s'";
          case 1 -> "GRANT SELECT, INSERT ON " + name + " TO PUBLIC";
          case 2 ->
              "ALTER TABLE " + name + " SET (autovacuum_vacuum_threshold = 9, fillfactor = 80)";
          case 3 -> "ALTER TABLE " + name + " REPLICA IDENTITY " + dice.of("FULL", "NOTHING");
          case 4 ->
              "CREATE PUBLICATION "
                  + table.names().other("publication")
                  + " FOR TABLE "
                  + name
                  + " WITH (publish = 'insert')";
          case 5 -> "ALTER DEFAULT PRIVILEGES GRANT SELECT, UPDATE ON TABLES TO PUBLIC";
          default -> "REVOKE ALL ON " + name + " FROM CURRENT_USER";
        });
  }
}
