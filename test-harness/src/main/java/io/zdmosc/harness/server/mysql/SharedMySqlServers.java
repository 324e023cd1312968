package io.zdmosc.harness.server.mysql;

import io.zdmosc.cli.server.Product;
import io.zdmosc.harness.server.ServerChoice;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One server per release for all tests of this JVM, started when first asked for and closed when
 * the JVM ends. Tests must neither stop nor reconfigure it. Thread-safe.
 */
public final class SharedMySqlServers {

  private static final Map<MySqlRelease, MySqlServer> SERVERS = new ConcurrentHashMap<>();
  private static final AtomicLong DATABASES = new AtomicLong();

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> SERVERS.values().forEach(MySqlServer::close), "close servers"));
  }

  private SharedMySqlServers() {}

  /**
   * The releases to test on: those that run without Docker, all where Docker is available, or those
   * of {@code -Dzdm.mysql.releases="MySQL 9.7,MariaDB 11.4"}. Suits
   * {@code @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#releases")}.
   */
  public static List<MySqlRelease> releases() {
    String chosen = System.getProperty("zdm.mysql.releases", "");
    if (!chosen.isBlank()) {
      return Arrays.stream(chosen.split(","))
          .map(String::strip)
          .map(SharedMySqlServers::named)
          .toList();
    }
    boolean containers = ServerChoice.containersMayRun();
    return MySqlRelease.ALL.stream().filter(each -> containers || each.embeddable()).toList();
  }

  /** The newest release of each product among {@link #releases()}. */
  public static List<MySqlRelease> newest() {
    return Arrays.stream(Product.values())
        .flatMap(
            product ->
                releases().stream()
                    .filter(each -> each.product() == product)
                    .reduce((older, newer) -> newer)
                    .stream())
        .toList();
  }

  private static MySqlRelease named(String name) {
    return MySqlRelease.ALL.stream()
        .filter(each -> each.toString().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(name + " is none of " + MySqlRelease.ALL));
  }

  public static MySqlServer of(MySqlRelease release) {
    return SERVERS.computeIfAbsent(release, MySqlServer::start);
  }

  /** A new, empty database on the shared server of that release. */
  public static MySqlDatabase freshDatabase(MySqlRelease release) throws SQLException {
    return of(release).createDatabase("test_" + DATABASES.incrementAndGet());
  }
}
