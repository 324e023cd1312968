package io.zdmosc.cli.server;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Fetches a jar by the Maven that has built the tool, from wherever that gets its libraries. */
final class MavenFetch {
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private final Map<String, String> environment;
  private final Consumer<String> notes;

  MavenFetch(Map<String, String> environment, Consumer<String> notes) {
    this.environment = environment;
    this.notes = notes;
  }

  /** Takes the fetched file, which is deleted afterwards. */
  @FunctionalInterface
  interface Taker {
    void take(Path jar) throws IOException;
  }

  /**
   * Fetches a jar.
   *
   * @param what for the note that it takes a while
   */
  void fetch(String artifact, String what, Taker taker) throws IOException {
    Path checkout =
        checkout()
            .orElseThrow(
                () ->
                    new ServerException(
                        "cannot fetch " + artifact + ": the tool was not built from a checkout"));
    notes.accept("Fetching " + what + " ...");
    Path folder = Files.createTempDirectory("zdm-osc-fetch-");
    try {
      Commands.run(
          List.of(
              checkout.resolve("mvnw").toString(),
              "-B",
              "-q",
              "-N",
              "-f",
              checkout.resolve("pom.xml").toString(),
              "dependency:copy",
              "-Dartifact=" + artifact,
              "-DoutputDirectory=" + folder),
          // the wrapper needs a JDK, and ours may be none that it finds
          Map.of(
              "JAVA_HOME", environment.getOrDefault("JAVA_HOME", System.getProperty("java.home"))),
          PATIENCE);
      try (Stream<Path> files = Files.list(folder)) {
        taker.take(
            files
                .findFirst()
                .orElseThrow(() -> new IOException("Maven has copied no " + artifact)));
      }
    } finally {
      Folders.delete(folder);
    }
  }

  /** The checkout that this code was built in. */
  private static Optional<Path> checkout() throws IOException {
    Path folder;
    try {
      folder =
          Path.of(MavenFetch.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
    while (folder != null && !Files.isExecutable(folder.resolve("mvnw"))) {
      folder = folder.getParent();
    }
    return Optional.ofNullable(folder);
  }
}
