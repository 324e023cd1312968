package io.zdmosc.harness.server;

import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.testcontainers.DockerClientFactory;

/** Containers or child processes: the system property {@code zdm.servers} decides. */
enum ServerChoice {
  EMBEDDED {
    @Override
    PostgresServer start(ServerSpec spec) {
      return EmbeddedPostgresServer.start(spec);
    }
  },
  DOCKER {
    @Override
    PostgresServer start(ServerSpec spec) {
      return DockerPostgresServer.start(spec);
    }
  },
  /** Docker where it is available; where an image cannot be had, the binaries of the build. */
  AUTO {
    @Override
    PostgresServer start(ServerSpec spec) {
      if (!DockerAvailability.AVAILABLE) {
        return EMBEDDED.start(spec);
      }
      try {
        return DOCKER.start(spec);
      } catch (RuntimeException e) {
        System.out.println("no container for PostgreSQL " + spec.major() + ": " + e);
        return EMBEDDED.start(spec);
      }
    }
  };

  private static final Set<String> ANNOUNCED = ConcurrentHashMap.newKeySet();

  abstract PostgresServer start(ServerSpec spec);

  static ServerChoice fromSystemProperty() {
    return valueOf(System.getProperty("zdm.servers", "auto").toUpperCase(Locale.ROOT));
  }

  static void announce(PostgresServer server) {
    String line = "server: PostgreSQL " + server.version() + " (" + server.kind() + ")";
    if (ANNOUNCED.add(line)) {
      System.out.println(line);
    }
  }

  /** Asked once per JVM. */
  private static final class DockerAvailability {
    static final boolean AVAILABLE = DockerClientFactory.instance().isDockerAvailable();
  }
}
