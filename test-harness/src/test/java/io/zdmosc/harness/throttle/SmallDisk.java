package io.zdmosc.harness.throttle;

import io.zdmosc.cli.server.Product;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.MySqlServer;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A file system of a few megabytes, in memory, with a file that takes its room. Root may make it.
 */
final class SmallDisk implements AutoCloseable {
  private final Path folder;

  private SmallDisk(Path folder) {
    this.folder = folder;
  }

  /** Mounts it; the test is left out where that is not possible. */
  static SmallDisk ofMegabytes(int size) throws Exception {
    Path folder = Files.createTempDirectory("zdm-disk");
    boolean mounted =
        run("mount", "-t", "tmpfs", "-o", "mode=0777,size=" + size + "m", "tmpfs", folder + "");
    if (!mounted) {
      Files.delete(folder);
    }
    Assumptions.assumeTrue(mounted, "only root can mount a file system");
    return new SmallDisk(folder);
  }

  Path folder() {
    return folder;
  }

  long freeBytes() throws IOException {
    return Files.getFileStore(folder).getUsableSpace();
  }

  /** Leaves no more room than this. */
  void leave(long bytes) throws IOException {
    byte[] block = new byte[1 << 16];
    try (OutputStream ballast = Files.newOutputStream(folder.resolve("ballast"))) {
      while (freeBytes() > bytes + block.length) {
        ballast.write(block);
      }
    }
  }

  void makeRoom() throws IOException {
    Files.delete(folder.resolve("ballast"));
  }

  /** A new server whose files are all on it; the test is left out where there is none. */
  MySqlServer serverOf(Product product) {
    MySqlRelease release =
        SharedMySqlServers.newest().stream()
            .filter(each -> each.product() == product)
            .filter(MySqlRelease::embeddable)
            .findFirst()
            .orElse(null);
    Assumptions.assumeTrue(release != null, "no embedded " + product.title());
    String before = System.getProperty("zdm.pg.data");
    System.setProperty("zdm.pg.data", folder.toString());
    try {
      return MySqlServer.start(release);
    } finally {
      if (before == null) {
        System.clearProperty("zdm.pg.data");
      } else {
        System.setProperty("zdm.pg.data", before);
      }
    }
  }

  private static boolean run(String... command) throws Exception {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false; // there is no such program
    }
  }

  @Override
  public void close() throws Exception {
    run("umount", "-l", folder.toString());
    Files.deleteIfExists(folder);
  }
}
