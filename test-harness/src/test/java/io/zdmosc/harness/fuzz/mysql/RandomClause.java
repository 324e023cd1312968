package io.zdmosc.harness.fuzz.mysql;

import static io.zdmosc.harness.fuzz.mysql.Kinds.any;

import io.zdmosc.cli.server.Product;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** One to six actions, most of which the server would take. */
final class RandomClause {
  private final Random random;
  private final FuzzedTable table;
  private final Parts parts;
  private final List<String> actions = new ArrayList<>();
  private String partitioning = "";

  RandomClause(Random random, FuzzedTable table) {
    this.random = random;
    this.table = table;
    this.parts = table.parts();
  }

  /** Makes one for the table as it stands in the source's database. */
  String make(Places places) throws SQLException {
    String definition = definition(places);
    int wanted = 1 + random.nextInt(6);
    for (int i = 0; i < wanted + 4 && actions.size() < wanted; i++) {
      List<String> before = List.copyOf(actions);
      actions.addAll(action());
      if (random.nextInt(25) > 0 && !taken(places, definition)) {
        actions.clear();
        actions.addAll(before);
      }
    }
    if (random.nextInt(6) == 0) {
      partitioning = any(random, " " + parts.partitions(table.key()), " REMOVE PARTITIONING");
      if (random.nextInt(10) > 0 && !taken(places, definition)) {
        partitioning = "";
      }
    }
    return text();
  }

  private String text() {
    return String.join(", ", actions) + partitioning;
  }

  private String definition(Places places) throws SQLException {
    try (Connection connection = places.source().connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW CREATE TABLE " + table.sql())) {
      row.next();
      return row.getString(2);
    }
  }

  /** Whether an empty table like it can be changed so. */
  private boolean taken(Places places, String definition) throws SQLException {
    try {
      Places.defined(
          places.trial(),
          "DROP TABLE IF EXISTS " + table.sql(),
          definition,
          "ALTER TABLE " + table.sql() + " " + text());
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  private List<String> action() {
    return switch (random.nextInt(22)) {
      case 0, 1, 2 -> List.of(add());
      case 3, 4, 5 -> List.of(modify());
      case 6, 7 -> List.of(change());
      case 8 -> List.of("DROP COLUMN " + column().sql());
      case 9 -> renames();
      case 10 -> List.of("ALTER COLUMN " + column().sql() + " " + byDefault());
      case 11 -> List.of(parts.option());
      case 12 ->
          List.of(any(random, "ENGINE = InnoDB", "FORCE", "ENGINE = InnoDB ROW_FORMAT = DYNAMIC"));
      case 13 -> List.of("CONVERT TO" + parts.charset());
      case 14, 15 -> List.of("ADD " + parts.index(table.names().next("n"), table.all()));
      case 16, 17 -> index();
      case 18 -> List.of("ADD " + parts.check(table.names().next("n"), table.all()));
      case 19 -> check();
      case 20 -> primaryKey();
      default -> moves();
    };
  }

  private FuzzedColumn column() {
    List<FuzzedColumn> some =
        table.columns().isEmpty() || random.nextInt(5) == 0 ? table.key() : table.columns();
    return some.get(random.nextInt(some.size()));
  }

  /** The present time would not be the same for both. */
  private String add() {
    String name = table.names().next("n");
    FuzzedColumn column = parts.column(name, table.all());
    while (column.definition().contains("DEFAULT CURRENT_TIMESTAMP")) {
      column = parts.column(name, table.all());
    }
    return "ADD COLUMN " + column.sql() + " " + column.definition() + table.place();
  }

  /** Of a key's column only what makes it wider, or its own type again. */
  private String definition(FuzzedColumn column) {
    if (!column.written()) {
      return column.definition();
    }
    if (table.key().contains(column)) {
      return any(
          random,
          column.definition(),
          column.kind().type() + " NOT NULL",
          "VARCHAR(60) NOT NULL",
          "BIGINT NOT NULL",
          "VARCHAR(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL",
          "DATETIME(6) NOT NULL",
          "DECIMAL(30,6) NOT NULL",
          "VARBINARY(90) NOT NULL");
    }
    Kind kind = random.nextInt(4) == 0 ? column.kind() : parts.kinds().near(column.kind(), random);
    return parts.column(column.name(), kind).definition();
  }

  private String modify() {
    FuzzedColumn column = column();
    return "MODIFY COLUMN " + column.sql() + " " + definition(column) + table.place();
  }

  private String change() {
    FuzzedColumn column = column();
    String name = random.nextInt(6) == 0 ? column().name() : table.names().next("r");
    return "CHANGE "
        + column.sql()
        + " "
        + Names.quoted(name)
        + " "
        + definition(column)
        + table.place();
  }

  private List<String> renames() {
    FuzzedColumn one = column();
    FuzzedColumn other = column();
    if (one.equals(other) || random.nextBoolean()) {
      return List.of(rename(one, table.names().next("r")));
    }
    return List.of(rename(one, other.name()), rename(other, one.name()));
  }

  private static String rename(FuzzedColumn column, String name) {
    return "RENAME COLUMN " + column.sql() + " TO " + Names.quoted(name);
  }

  private String byDefault() {
    String set = "SET" + parts.byDefault(column().kind()).replaceFirst(" ON UPDATE.*", "");
    return table.product() == Product.MYSQL
        ? any(random, set, "DROP DEFAULT", "SET INVISIBLE", "SET VISIBLE")
        : any(random, set, "DROP DEFAULT");
  }

  private List<String> index() {
    if (table.indexes().isEmpty()) {
      return List.of();
    }
    String index = Names.quoted(table.indexes().get(random.nextInt(table.indexes().size())));
    String hidden = table.product() == Product.MYSQL ? "INVISIBLE" : "IGNORED";
    String shown = table.product() == Product.MYSQL ? "VISIBLE" : "NOT IGNORED";
    return List.of(
        any(
            random,
            "DROP INDEX " + index,
            "DROP INDEX " + index,
            "RENAME INDEX " + index + " TO " + Names.quoted(table.names().next("n")),
            "ALTER INDEX " + index + " " + any(random, hidden, shown)));
  }

  private List<String> check() {
    if (table.checks().isEmpty()) {
      return List.of();
    }
    String check = Names.quoted(table.checks().get(random.nextInt(table.checks().size())));
    return List.of(
        table.product() == Product.MYSQL && random.nextBoolean()
            ? "ALTER CHECK " + check + any(random, " NOT ENFORCED", " ENFORCED")
            : "DROP CONSTRAINT " + check);
  }

  private List<String> primaryKey() {
    String list = table.key().stream().map(FuzzedColumn::sql).collect(Collectors.joining(", "));
    return switch (random.nextInt(4)) {
      case 0 -> List.of("DROP PRIMARY KEY", "ADD PRIMARY KEY (" + list + ")");
      case 1 -> List.of("DROP PRIMARY KEY", "ADD UNIQUE KEY (" + list + ")");
      case 2 -> List.of("ADD PRIMARY KEY (" + list + ")");
      default -> {
        String added = Names.quoted(table.names().next("p"));
        yield List.of(
            "ADD COLUMN " + added + " INT NOT NULL DEFAULT 3",
            "DROP PRIMARY KEY",
            "ADD PRIMARY KEY (" + added + ", " + list + ")");
      }
    };
  }

  private List<String> moves() {
    FuzzedColumn column = column();
    return List.of("MODIFY " + column.sql() + " " + column.definition() + " FIRST");
  }
}
