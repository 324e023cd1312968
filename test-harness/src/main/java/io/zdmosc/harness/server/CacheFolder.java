package io.zdmosc.harness.server;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * What takes long to make, and is made once per user of the machine: folders below {@code
 * -Dzdm.cache}, else {@code zdm-osc} in {@code XDG_CACHE_HOME} or {@code ~/.cache}. They may be
 * deleted at any time while no server runs, and are made again. Thread-safe, also among JVMs.
 */
public final class CacheFolder {
  private CacheFolder() {}

  /** Fills a new, empty folder. */
  @FunctionalInterface
  public interface Maker {
    void make(Path folder) throws IOException;
  }

  /** Returns the folder of that name; whoever asks first makes it, and others wait. */
  public static synchronized Path get(String name, Maker maker) {
    requireNonNull(maker, "maker is null");
    Path root = root();
    Path folder = root.resolve(name);
    if (Files.isDirectory(folder)) {
      return folder;
    }
    try {
      Files.createDirectories(root);
      try (FileChannel channel =
              FileChannel.open(
                  root.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        if (!Files.isDirectory(folder)) {
          make(folder, maker);
        }
        return folder;
      }
    } catch (IOException e) {
      throw new ServerException("cannot make " + folder, e);
    }
  }

  /** Makes it beside its place and moves it there, so that nobody ever sees half of it. */
  private static void make(Path folder, Maker maker) throws IOException {
    Path partial = Files.createTempDirectory(folder.getParent(), "partial");
    try {
      maker.make(partial);
      Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Folders.delete(partial);
    }
  }

  private static Path root() {
    String configured = System.getProperty("zdm.cache", "");
    if (!configured.isEmpty()) {
      return Path.of(configured);
    }
    String xdg = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
    Path base = xdg.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
    return base.resolve("zdm-osc");
  }
}
