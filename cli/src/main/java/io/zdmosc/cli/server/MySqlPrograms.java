package io.zdmosc.cli.server;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Finds the programs of MySQL and MariaDB on this machine, or fetches them into a cache folder.
 *
 * <p>MySQL: the one that {@code ZDM_OSC_MYSQLD} names, the one on the {@code PATH}, or Debian's.
 * MariaDB: the one that {@code ZDM_OSC_MARIADBD} names, the one on Maven Central, or the one on the
 * {@code PATH} where that has none for the platform.
 */
public final class MySqlPrograms {
  private static final Map<Product, String> VARIABLES =
      Map.of(Product.MYSQL, "ZDM_OSC_MYSQLD", Product.MARIADB, "ZDM_OSC_MARIADBD");
  private static final Map<Product, String> PROGRAMS =
      Map.of(Product.MYSQL, "mysqld", Product.MARIADB, "mariadbd");

  /** Where a server's messages and the SQL of its system tables may lie, from its prefix. */
  private static final List<String> SHARES = List.of("share/mariadb", "share/mysql", "share");

  private final CacheFolder cache;
  private final Map<String, String> environment;
  private final Consumer<String> notes;

  /**
   * @param environment the process's
   * @param notes is told what takes long
   */
  public MySqlPrograms(CacheFolder cache, Map<String, String> environment, Consumer<String> notes) {
    this.cache = cache;
    this.environment = Map.copyOf(environment);
    this.notes = notes;
  }

  /**
   * Finds the program.
   *
   * @throws ServerException when there is none, with all that was tried
   */
  public MySqlProgram of(Product product) {
    String named = environment.getOrDefault(VARIABLES.get(product), "");
    if (!named.isEmpty()) {
      MySqlProgram program = installed(Path.of(named));
      if (program.product() != product) {
        throw new ServerException(
            VARIABLES.get(product) + " names a server of " + program.product().title());
      }
      return program;
    }
    return product == Product.MYSQL ? mysql() : mariaDb();
  }

  private MySqlProgram mysql() {
    Optional<MySqlProgram> found = onPath(Product.MYSQL);
    if (found.isPresent()) {
      return found.get();
    }
    if (!DebianMySql.canFetch()) {
      throw missing(Product.MYSQL, "and this machine has no apt-get to fetch Debian's");
    }
    DebianMySql debian = new DebianMySql(environment, notes);
    try {
      return DebianMySql.program(cache.get("mysql-debian", debian::fetch));
    } catch (ServerException e) {
      throw missing(Product.MYSQL, "and Debian's cannot be fetched: " + e.getMessage());
    }
  }

  private MySqlProgram mariaDb() {
    if (MariaDbArchive.platform().isEmpty()) {
      return onPath(Product.MARIADB)
          .orElseThrow(
              () ->
                  missing(Product.MARIADB, "and there is none for this platform on Maven Central"));
    }
    return new MariaDbArchive(cache, environment, notes).program();
  }

  private static ServerException missing(Product product, String last) {
    return new ServerException(
        "no %s server: %s names none, there is no %s on the PATH, %s"
            .formatted(product.title(), VARIABLES.get(product), PROGRAMS.get(product), last));
  }

  private Optional<MySqlProgram> onPath(Product product) {
    return Stream.concat(
            Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator)),
            Stream.of("/usr/sbin", "/usr/local/mysql/bin"))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, PROGRAMS.get(product)))
        .filter(Files::isExecutable)
        .map(MySqlPrograms::installed)
        .filter(program -> program.product() == product)
        .findFirst();
  }

  private static MySqlProgram installed(Path program) {
    Path prefix = program.toAbsolutePath().getParent().resolve("..").normalize();
    Path share =
        SHARES.stream()
            .map(prefix::resolve)
            .filter(DataFolder::hasSystemTables)
            .findFirst()
            .orElse(prefix);
    return MySqlProgram.of(List.of(program.toString()), share);
  }
}
