package io.zdmosc.harness.workload;

import io.zdmosc.cli.server.Product;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import io.zdmosc.harness.workload.mysql.MySqlCatalogue;
import io.zdmosc.harness.workload.postgres.PostgresCatalogue;
import io.zdmosc.harness.workload.table.Catalogue;
import io.zdmosc.harness.workload.table.TableCase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** A server, and the cases to try on it. */
public record Site(String name, Catalogue catalogue, Databases databases, String urlOptions) {

  public interface Databases {
    TestDatabase fresh() throws SQLException;
  }

  /** The newest PostgreSQL, MySQL and MariaDB. */
  public static List<Site> all() {
    return Stream.concat(Stream.of(postgres()), SharedMySqlServers.newest().stream().map(Site::of))
        .toList();
  }

  static Site postgres() {
    int major = SharedServers.newestMajor();
    return new Site(
        "PostgreSQL " + major, PostgresCatalogue.ALL, () -> SharedServers.freshDatabase(major), "");
  }

  /** The drivers let the server prepare, and keep what they have prepared. */
  private static Site of(MySqlRelease release) {
    Product product = release.product();
    return new Site(
        release.toString(),
        MySqlCatalogue.of(product),
        () -> SharedMySqlServers.freshDatabase(release),
        product == Product.MYSQL
            ? "?useServerPrepStmts=true&cachePrepStmts=true"
            : "?useServerPrepStmts=true");
  }

  /**
   * The cases of each server: by default every other of its own, and all with {@code
   * -Dzdm.long=true}. MySQL and MariaDB have much the same ones, and take them in turn.
   */
  static Stream<Arguments> cases(Function<Catalogue, List<TableCase>> choice) {
    List<Arguments> cases = new ArrayList<>();
    List<Site> sites = all();
    for (int turn = 0; turn < sites.size(); turn++) {
      Site site = sites.get(turn);
      List<TableCase> own = choice.apply(site.catalogue());
      for (int i = 0; i < own.size(); i++) {
        if (Boolean.getBoolean("zdm.long") || i % 2 == turn % 2) {
          cases.add(Arguments.of(site, own.get(i)));
        }
      }
    }
    return cases.stream();
  }

  public TestDatabase database() throws SQLException {
    return databases.fresh();
  }

  /** The first kind of key, which the server can make, and a change that changes nothing. */
  public TableCase plain() {
    return catalogue.pair(
        catalogue.table(catalogue.keys().get(0)).build(), catalogue.change("rebuild"));
  }

  /** Connections as an application would have them. */
  ConnectionSource application(TestDatabase database) {
    return () -> connect(database);
  }

  private Connection connect(TestDatabase database) throws SQLException {
    return DriverManager.getConnection(
        database.jdbcUrl() + urlOptions, database.user(), database.password());
  }

  @Override
  public String toString() {
    return name;
  }
}
