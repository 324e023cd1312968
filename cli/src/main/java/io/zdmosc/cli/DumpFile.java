package io.zdmosc.cli;

import io.zdmosc.cli.config.FileTrouble;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A file that is there whole, and on the disk, or not at all. */
final class DumpFile {
  private static final int BUFFER = 1 << 16;

  private final Path file;

  DumpFile(Path file) {
    this.file = file;
  }

  /** Writes what the file is to hold. */
  @FunctionalInterface
  interface Content {
    void to(OutputStream out) throws IOException;
  }

  /**
   * Writes it; returns when it is on the disk. An existing file is not touched, and a broken one is
   * removed.
   */
  void write(Content content) {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      fill(channel, content);
    } catch (FileAlreadyExistsException e) {
      throw new RefusedException(
          List.of(new Problem("--dump " + file, "exists already", "Name a new file.")), e);
    } catch (IOException e) {
      throw new MigrationFailedException(
          "The dump " + file + " could not be written: " + FileTrouble.reason(e),
          "Nothing was dropped.",
          "Make room or name another file, and run it again.",
          e);
    }
  }

  private void fill(FileChannel channel, Content content) throws IOException {
    boolean whole = false;
    try {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
      content.to(out);
      out.flush();
      channel.force(true);
      whole = true;
    } finally {
      if (!whole) {
        Files.deleteIfExists(file);
      }
    }
  }
}
