package io.zdmosc.cli.server;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * What takes long to make, and is made once per user of the machine. The folders in it may be
 * deleted at any time while no server runs, and are made again. Thread-safe, also among JVMs.
 *
 * @param root a folder of the user's own; made, and closed to others, when it is first needed
 */
public record CacheFolder(Path root) {
  public CacheFolder {
    requireNonNull(root, "root is null");
  }

  /** Fills a new, empty folder. */
  @FunctionalInterface
  public interface Maker {
    void make(Path folder) throws IOException;
  }

  /** Returns the folder of that name; whoever asks first makes it, and others wait. */
  public Path get(String name, Maker maker) {
    requireNonNull(maker, "maker is null");
    // a lock on a file holds off other JVMs, not other threads
    synchronized (CacheFolder.class) {
      Path folder = root.resolve(name);
      try {
        Folders.createPrivate(root);
        if (Files.isDirectory(folder)) {
          return folder;
        }
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
        throw new ServerException("cannot make " + folder + ": " + e.getMessage(), e);
      }
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
}
