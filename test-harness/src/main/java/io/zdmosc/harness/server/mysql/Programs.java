package io.zdmosc.harness.server.mysql;

import io.zdmosc.cli.server.CacheFolder;
import io.zdmosc.cli.server.Folders;
import io.zdmosc.cli.server.MySqlProgram;
import io.zdmosc.cli.server.MySqlPrograms;
import io.zdmosc.cli.server.Product;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The servers' programs, found once per JVM. They stay below {@code -Dzdm.cache}, else where the
 * demo has them too.
 */
final class Programs {
  static final CacheFolder CACHE = new CacheFolder(root());

  private static final MySqlPrograms ALL =
      new MySqlPrograms(CACHE, System.getenv(), System.out::println);
  private static final Map<Product, MySqlProgram> FOUND = new ConcurrentHashMap<>();

  private Programs() {}

  static MySqlProgram of(Product product) {
    return FOUND.computeIfAbsent(product, ALL::of);
  }

  private static Path root() {
    String configured = System.getProperty("zdm.cache", "");
    return configured.isEmpty()
        ? Folders.cache(System.getenv(), Path.of(System.getProperty("user.home")))
        : Path.of(configured);
  }
}
