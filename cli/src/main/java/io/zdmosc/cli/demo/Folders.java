package io.zdmosc.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The folders of the demo. */
final class Folders {
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
