package io.zdmosc.harness.server;

import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.testcontainers.DockerClientFactory;

/** Containers or child processes: the system property {@code zdm.servers} decides. */
public enum ServerChoice {
  EMBEDDED {
    @Override
    <S> S choose(String name, Supplier<S> embedded, Supplier<S> docker) {
      return embedded.get();
    }
  },
  DOCKER {
    @Override
    <S> S choose(String name, Supplier<S> embedded, Supplier<S> docker) {
      return docker.get();
    }
  },
  /** Docker where it is available; where an image cannot be had, programs of this machine. */
  AUTO {
    @Override
    <S> S choose(String name, Supplier<S> embedded, Supplier<S> docker) {
      if (!dockerIsAvailable()) {
        return embedded.get();
      }
      try {
        return docker.get();
      } catch (RuntimeException e) {
        System.out.println("no container for " + name + ": " + e);
        return embedded.get();
      }
    }
  };

  private static final Set<String> ANNOUNCED = ConcurrentHashMap.newKeySet();

  abstract <S> S choose(String name, Supplier<S> embedded, Supplier<S> docker);

  /**
   * Starts a server in the way that was chosen. The first of each version is announced on standard
   * output, where the CI looks for it.
   *
   * @param name product and version, for messages
   */
  public static <S extends TestServer> S start(
      String name, Supplier<S> embedded, Supplier<S> docker) {
    S server = fromSystemProperty().choose(name, embedded, docker);
    String line =
        "server: " + server.product() + " " + server.version() + " (" + server.kind() + ")";
    if (ANNOUNCED.add(line)) {
      System.out.println(line);
    }
    return server;
  }

  /** Returns whether servers may run in containers here. */
  public static boolean containersMayRun() {
    return fromSystemProperty() != EMBEDDED && dockerIsAvailable();
  }

  private static ServerChoice fromSystemProperty() {
    return valueOf(System.getProperty("zdm.servers", "auto").toUpperCase(Locale.ROOT));
  }

  private static boolean dockerIsAvailable() {
    return DockerAvailability.AVAILABLE;
  }

  /** Asked once per JVM. */
  private static final class DockerAvailability {
    static final boolean AVAILABLE = DockerClientFactory.instance().isDockerAvailable();
  }
}
