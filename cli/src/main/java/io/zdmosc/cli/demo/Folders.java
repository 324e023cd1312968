package io.zdmosc.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The folders of the demo. */
final class Folders {
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");

  private Folders() {}

  /** Where unpacked programs stay from one demo to the next: a folder of the user's own. */
  static Path cache(Map<String, String> environment, Path home) {
    String configured = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path base = configured.isEmpty() ? home.resolve(".cache") : Path.of(configured);
    Path cache = base.resolve("zdm-osc");
    Path existing = cache;
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    return existing != null && Files.isWritable(existing)
        ? cache
        : Path.of(
            System.getProperty("java.io.tmpdir"), "zdm-osc-" + System.getProperty("user.name"));
  }

  /**
   * Makes a folder that nobody else can enter. What is unpacked into it is going to be run, so a
   * folder that somebody else has put there is refused.
   */
  static void createPrivate(Path folder) throws IOException {
    if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectories(folder);
      return;
    }
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectories(folder.getParent());
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PRIVATE));
    }
    Path probe = Files.createTempFile("zdm-osc-", ".probe");
    try {
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
          || !Files.getOwner(folder).equals(Files.getOwner(probe))) {
        throw new IOException(folder + " belongs to somebody else");
      }
    } finally {
      Files.delete(probe);
    }
    Files.setPosixFilePermissions(folder, PRIVATE);
  }

  /** Deletes a folder with all that is in it, if it exists. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> paths = Files.walk(folder)) {
      deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.deleteIfExists(path);
    }
  }
}
