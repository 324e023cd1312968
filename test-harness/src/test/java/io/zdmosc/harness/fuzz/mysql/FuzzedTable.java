package io.zdmosc.harness.fuzz.mysql;

import static io.zdmosc.harness.fuzz.mysql.Kinds.any;

import io.zdmosc.cli.server.Product;
import io.zdmosc.harness.fuzz.mysql.KeyKinds.KeyKind;
import io.zdmosc.harness.fuzz.mysql.Kind.Family;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * A random table, made statement by statement: what the server does not take is left out, so it is
 * the server that says what can be.
 */
final class FuzzedTable {
  static final String AUDIT = "audit";

  private final Random random;
  private final Product product;
  private final Parts parts;
  private final Names names;
  private final String name;
  private final List<KeyKind> keyKinds;
  private final List<FuzzedColumn> key = new ArrayList<>();
  private final List<FuzzedColumn> columns = new ArrayList<>();
  private final List<String> indexes = new ArrayList<>();
  private final List<String> checks = new ArrayList<>();
  private final List<String> script = new ArrayList<>();

  FuzzedTable(Random random, Product product) {
    this.random = random;
    this.product = product;
    this.parts = new Parts(random, product);
    this.names = new Names(random);
    this.name = random.nextInt(3) > 0 ? "t" : names.next("t");
    this.keyKinds = KeyKinds.any(random);
  }

  String name() {
    return name;
  }

  String sql() {
    return Names.quoted(name);
  }

  Parts parts() {
    return parts;
  }

  Names names() {
    return names;
  }

  List<FuzzedColumn> key() {
    return key;
  }

  List<FuzzedColumn> columns() {
    return columns;
  }

  /** Those that the clause may have to do with. */
  List<FuzzedColumn> all() {
    List<FuzzedColumn> all = new ArrayList<>(key);
    all.addAll(columns);
    return all;
  }

  List<String> indexes() {
    return indexes;
  }

  List<String> checks() {
    return checks;
  }

  /** What the server took. */
  List<String> script() {
    return script;
  }

  boolean hasAutomaticKey() {
    return keyKinds.size() == 1 && keyKinds.get(0).automatic();
  }

  /** The values of the key that the row with this number has, as {@code column = value}. */
  List<String> keyValues(int number) {
    return keyKinds.stream().map(kind -> kind.value().apply(number)).toList();
  }

  String condition(int number) {
    List<String> values = keyValues(number);
    List<String> terms = new ArrayList<>();
    for (int i = 0; i < key.size(); i++) {
      terms.add(key.get(i).sql() + " = " + values.get(i));
    }
    return String.join(" AND ", terms);
  }

  /** Makes it in both places. */
  void make(Places places) throws SQLException {
    String create = create();
    if (!tried(places, create + parts.charset())) {
      places.twin().execute(create); // says why, if that is not taken either
      places.source().execute(create);
      script.add(create);
    }
    for (int i = 2 + random.nextInt(8); i > 0; i--) {
      addColumn(places);
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      alter(places, parts.option());
    }
    if (random.nextInt(5) == 0) {
      alter(places, parts.partitions(key));
    }
    for (int i = random.nextInt(5); i > 0; i--) {
      String index = names.next("i");
      if (alter(places, "ADD " + parts.index(index, all()))) {
        indexes.add(index);
      }
    }
    for (int i = random.nextInt(4) - 2; i > 0; i--) {
      String check = names.next("c");
      if (alter(places, "ADD " + parts.check(check, all()))) {
        checks.add(check);
      }
    }
    if (random.nextInt(4) == 0) {
      triggers(places);
    }
  }

  private String create() {
    List<String> items = new ArrayList<>();
    for (KeyKind each : keyKinds) {
      String automatic = hasAutomaticKey() ? any(random, " AUTO_INCREMENT", "") : "";
      String definition = each.type() + " NOT NULL" + automatic;
      FuzzedColumn column = new FuzzedColumn(names.next("k"), each.kind(), definition, true);
      key.add(column);
      items.add(column.sql() + " " + definition);
    }
    String list = key.stream().map(FuzzedColumn::sql).collect(Collectors.joining(", "));
    boolean primary = random.nextInt(5) > 0;
    items.add(primary ? "PRIMARY KEY (" + list + ")" : "UNIQUE KEY (" + list + ")");
    return "CREATE TABLE " + sql() + " (" + String.join(", ", items) + ")";
  }

  private void addColumn(Places places) throws SQLException {
    FuzzedColumn column = parts.column(names.next("c"), all());
    if (alter(places, "ADD COLUMN " + column.sql() + " " + column.definition() + place())) {
      columns.add(column);
    }
  }

  String place() {
    return any(random, "", "", " FIRST", " AFTER " + all().get(random.nextInt(all().size())).sql());
  }

  private boolean alter(Places places, String action) throws SQLException {
    return tried(places, "ALTER TABLE " + sql() + " " + action);
  }

  private boolean tried(Places places, String statement) throws SQLException {
    boolean taken = places.both(statement);
    if (taken) {
      script.add(statement);
    }
    return taken;
  }

  private void triggers(Places places) throws SQLException {
    tried(places, "CREATE TABLE " + AUDIT + " (what VARCHAR(20), k VARBINARY(400), c LONGBLOB)");
    FuzzedColumn of = all().get(random.nextInt(all().size()));
    for (String event : List.of("INSERT", "UPDATE", "DELETE")) {
      if (random.nextBoolean()) {
        String row = event.equals("INSERT") ? "NEW." : "OLD.";
        String body =
            "INSERT INTO "
                + AUDIT
                + " VALUES ('"
                + event
                + "', HEX("
                + row
                + key.get(0).sql()
                + "), HEX("
                + row
                + of.sql()
                + "))";
        String when = "CREATE TRIGGER " + Names.quoted(names.next("g")) + " AFTER " + event;
        tried(places, when + " ON " + sql() + " FOR EACH ROW " + body);
      }
    }
    List<FuzzedColumn> texts =
        columns.stream().filter(c -> c.written() && c.kind().family() == Family.TEXT).toList();
    if (!texts.isEmpty()) {
      String set = "NEW." + texts.get(0).sql();
      String when = any(random, " BEFORE INSERT", " BEFORE UPDATE");
      tried(
          places,
          "CREATE TRIGGER "
              + Names.quoted(names.next("g"))
              + when
              + " ON "
              + sql()
              + " FOR EACH ROW BEGIN SET "
              + set
              + " = COALESCE("
              + set
              + ", 'trigger'); END");
    }
  }

  Product product() {
    return product;
  }
}
