package io.zdmosc.harness.migration.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.cli.server.Product;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Tables that foreign keys join, in two databases: {@code t}, what it refers to, itself among it,
 * what refers to it, and {@code g} to that, with all that keys can do and names that want quotes.
 */
public final class FamilyTables implements AutoCloseable {
  private static final List<String> SHOP =
      List.of(
          "CREATE TABLE p (id INT PRIMARY KEY)",
          "CREATE TABLE region (a INT, b INT, PRIMARY KEY (a, b))",
          "CREATE TABLE t (id INT NOT NULL, code VARCHAR(20) NOT NULL, p INT, ra INT, rb INT,"
              + " up INT, v INT, PRIMARY KEY (id), UNIQUE KEY code (code), KEY v (v),"
              + " CONSTRAINT zp FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE ON UPDATE"
              + " CASCADE, CONSTRAINT `re``gion` FOREIGN KEY (ra, rb) REFERENCES region (a, b) ON"
              + " DELETE SET NULL, FOREIGN KEY (up) REFERENCES t (id) ON DELETE CASCADE)",
          "CREATE TABLE c1 (id INT PRIMARY KEY, t INT, z INT, code VARCHAR(20),"
              + " FOREIGN KEY (t) REFERENCES t (id) ON DELETE CASCADE, KEY z (z),"
              + " CONSTRAINT by_code FOREIGN KEY (code) REFERENCES t (code) ON UPDATE CASCADE"
              + " ON DELETE SET NULL)",
          "CREATE TABLE g (id INT PRIMARY KEY, c1 INT,"
              + " FOREIGN KEY (c1) REFERENCES c1 (id) ON DELETE CASCADE)");

  private static final String ELSEWHERE =
      "CREATE TABLE `c;2` (id INT PRIMARY KEY, t INT NOT NULL, KEY mine (t, id),"
          + " CONSTRAINT `a b``c` FOREIGN KEY (t) REFERENCES `%s`.t (id) ON DELETE RESTRICT)";

  private static final Pattern OWN_ACTIONS =
      Pattern.compile(" ON (DELETE|UPDATE) (CASCADE|SET NULL)");

  private final Product product;
  private final MySqlDatabase shop;
  private final MySqlDatabase other;

  private FamilyTables(Product product, MySqlDatabase shop, MySqlDatabase other) {
    this.product = product;
    this.shop = shop;
    this.other = other;
  }

  /** The newest MySQL there is. */
  public static MySqlRelease release() {
    return release(Product.MYSQL);
  }

  /** The newest one of a product. */
  public static MySqlRelease release(Product product) {
    return SharedMySqlServers.newest().stream()
        .filter(release -> release.product() == product)
        .findFirst()
        .orElseThrow();
  }

  /** Makes them, empty, on MySQL. */
  public static FamilyTables create() throws SQLException {
    return create(Product.MYSQL);
  }

  /**
   * Makes them, empty; where the log lacks what the keys of {@code t} do, these only refuse.
   * MariaDB does not show the name of a key so that it could be read again where it has a quote.
   */
  public static FamilyTables create(Product product) throws SQLException {
    FamilyTables tables =
        new FamilyTables(
            product,
            SharedMySqlServers.freshDatabase(release(product)),
            SharedMySqlServers.freshDatabase(release(product)));
    for (String statement : SHOP) {
      boolean own = statement.startsWith("CREATE TABLE t ") && !tables.ownKeysAct();
      String meant =
          product == Product.MYSQL ? statement : statement.replace("re``gion", "re gion");
      tables.shop.execute(own ? OWN_ACTIONS.matcher(meant).replaceAll("") : meant);
    }
    tables.other.execute(ELSEWHERE.formatted(tables.shop.name()));
    return tables;
  }

  /** Whether the keys of {@code t} change its rows by themselves. */
  public boolean ownKeysAct() {
    return product == Product.MYSQL;
  }

  /** A column of this type as the server shows it. */
  public String shown(String type) {
    return product == Product.MYSQL ? type : type + (type.equals("int") ? "(11)" : "(20)");
  }

  /** The database of the table itself. */
  public MySqlDatabase shop() {
    return shop;
  }

  /** The name of the table in another database, quoted. */
  public String elsewhere() {
    return "`" + other.name() + "`.`c;2`";
  }

  /** Three families: 1 and 2 have a row in every table, 3 is a child of 1, joined to parent 1. */
  public void fill() throws SQLException {
    shop.execute(
        "INSERT INTO p VALUES (1), (2), (3)",
        "INSERT INTO region VALUES (1, 1), (1, 2)",
        "INSERT INTO t (id, code, p, ra, rb, up) VALUES (1, 'a', 2, 1, 1, NULL),"
            + " (2, 'b', 2, NULL, NULL, 1), (3, 'c', 1, 1, 2, NULL)",
        "INSERT INTO c1 VALUES (1, 1, 0, 'a'), (2, 2, 0, 'b'), (3, 3, 0, 'c')",
        "INSERT INTO g VALUES (1, 1), (2, 2), (3, 3)",
        "INSERT INTO " + elsewhere() + " VALUES (1, 1), (2, 2)");
  }

  /** How the server shows each of them, with the databases under names of their own. */
  public Map<String, String> definitions(String table) throws SQLException {
    Map<String, String> found = new LinkedHashMap<>();
    for (String name : List.of("p", "region", table, "c1", "g", elsewhere())) {
      String shown = definition(name);
      found.put(
          name.startsWith("`") ? "elsewhere" : name,
          shown.replace("`" + shop.name() + "`", "`shop`").replace("`" + other.name() + "`", "o"));
    }
    return found;
  }

  /** How the server shows a table of this name, which is quoted where it must be. */
  public String definition(String table) throws SQLException {
    try (Connection connection = shop.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SHOW CREATE TABLE " + table)) {
      rows.next();
      return rows.getString(2);
    }
  }

  /** The texts of a query's only column, in their order. */
  public List<String> texts(String sql) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (Connection connection = shop.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    }
    return texts;
  }

  /** The table that does not serve any more, quoted. */
  public String retired() throws SQLException {
    return "`"
        + shop.queryText(
            "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()"
                + " AND TABLE_NAME LIKE '%\\_zdm%\\_old'")
        + "`";
  }

  /** Fails when a row refers to one that is not there. */
  public void assertNoOrphans(String table, String key) throws SQLException {
    String serving = "`" + shop.name() + "`." + table;
    for (String child : List.of("c1", elsewhere())) {
      assertThat(
              shop.queryText(
                  "SELECT COUNT(*) FROM "
                      + child
                      + " c WHERE c.t IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "
                      + serving
                      + " t WHERE t."
                      + key
                      + " = c.t)"))
          .as("orphans of " + child)
          .isEqualTo("0");
    }
    assertThat(texts("SELECT id FROM g WHERE c1 NOT IN (SELECT id FROM c1)"))
        .as("orphans of g")
        .isEmpty();
  }

  @Override
  public void close() throws SQLException {
    other.close(); // it refers to the first one
    shop.close();
  }
}
