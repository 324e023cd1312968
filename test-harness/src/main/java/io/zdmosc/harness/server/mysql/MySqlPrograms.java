package io.zdmosc.harness.server.mysql;

import io.zdmosc.harness.server.CacheFolder;
import io.zdmosc.harness.server.ServerException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Finds the servers' programs on this machine, or fetches them. */
final class MySqlPrograms {
  private static final String VARIABLE = "ZDM_OSC_MYSQLD";
  private static final Map<Product, MySqlProgram> FOUND = new ConcurrentHashMap<>();

  private MySqlPrograms() {}

  static MySqlProgram of(Product product) {
    return FOUND.computeIfAbsent(
        product, each -> each == Product.MYSQL ? mysql() : MariaDbArchive.program());
  }

  /** The one that is named, the one that is installed, or Debian's. */
  private static MySqlProgram mysql() {
    String named = System.getenv().getOrDefault(VARIABLE, "");
    if (!named.isEmpty()) {
      MySqlProgram program = installed(Path.of(named));
      if (program.product() != Product.MYSQL) {
        throw new ServerException(VARIABLE + " names a server of " + program.product().title());
      }
      return program;
    }
    return onPath()
        .map(MySqlPrograms::installed)
        .filter(program -> program.product() == Product.MYSQL)
        .findFirst()
        .or(MySqlPrograms::debian)
        .orElseThrow(
            () ->
                new ServerException(
                    "no MySQL server: there is no mysqld on the PATH, "
                        + VARIABLE
                        + " is not set, and this machine has no apt-get to fetch Debian's"));
  }

  private static Stream<Path> onPath() {
    return Stream.concat(
            Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)),
            Stream.of("/usr/sbin", "/usr/local/mysql/bin"))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, "mysqld"))
        .filter(Files::isExecutable);
  }

  private static MySqlProgram installed(Path program) {
    return MySqlProgram.of(List.of(program.toString()), program.getParent());
  }

  private static Optional<MySqlProgram> debian() {
    if (!DebianMySql.canFetch()) {
      return Optional.empty();
    }
    return Optional.of(DebianMySql.program(CacheFolder.get("mysql-debian", DebianMySql::fetch)));
  }
}
