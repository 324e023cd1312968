package io.zdmosc.cli.demo;

import io.zdmosc.cli.server.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The temporary folder of a demo's server, and the password of the moment.
 *
 * @param path holds all that is the demo's
 */
record DemoFolder(Path path, String password) {
  static DemoFolder create() {
    try {
      byte[] bytes = new byte[16];
      new SecureRandom().nextBytes(bytes);
      return new DemoFolder(
          Files.createTempDirectory("zdm-osc-demo-"), HexFormat.of().formatHex(bytes));
    } catch (IOException e) {
      throw new DemoException("cannot make a temporary folder: " + e, "", e);
    }
  }

  Path data() {
    return path.resolve("data");
  }

  Path log() {
    return path.resolve("server.log");
  }

  /** Writes a file that only its owner can read. */
  Path secret(String name, String text) throws IOException {
    Path file = path.resolve(name);
    if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    return Files.writeString(file, text);
  }

  void delete() {
    try {
      Folders.delete(path);
    } catch (IOException e) {
      throw new DemoException("the demo's server could not be removed: " + e, "delete " + path, e);
    }
  }
}
