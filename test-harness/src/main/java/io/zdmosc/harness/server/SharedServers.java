package io.zdmosc.harness.server;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One server per major for all tests of this JVM, started when first asked for and closed when the
 * JVM ends. Tests must neither stop nor reconfigure it. Thread-safe.
 */
public final class SharedServers {

  private static final Map<Integer, PostgresServer> SERVERS = new ConcurrentHashMap<>();
  private static final AtomicLong DATABASES = new AtomicLong();

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> SERVERS.values().forEach(PostgresServer::close), "close servers"));
  }

  private SharedServers() {}

  /**
   * The majors to test on: all, or those of {@code -Dzdm.pg.majors=17,18}. Suits
   * {@code @MethodSource("io.zdmosc.harness.server.SharedServers#majors")}.
   */
  public static List<Integer> majors() {
    String chosen = System.getProperty("zdm.pg.majors", "");
    if (chosen.isBlank()) {
      return PostgresServer.MAJORS;
    }
    return Arrays.stream(chosen.split(",")).map(String::strip).map(Integer::valueOf).toList();
  }

  /** The newest of {@link #majors()}, for tests where the version makes no difference. */
  public static int newestMajor() {
    List<Integer> majors = majors();
    return majors.get(majors.size() - 1);
  }

  public static PostgresServer of(int major) {
    return SERVERS.computeIfAbsent(major, m -> PostgresServer.start(ServerSpec.of(m)));
  }

  /** A new, empty database on the shared server of that major. */
  public static PostgresDatabase freshDatabase(int major) throws SQLException {
    return of(major).createDatabase("test_" + DATABASES.incrementAndGet());
  }
}
