package io.zdmosc.cli.connect;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * The login path file that {@code mysql_config_editor} writes: an option file whose lines are
 * obscured, with the key in front of them. What counts is what the command-line client takes
 * without {@code --login-path}.
 *
 * <p>As that client does, a file that others have access to is left alone.
 */
final class MyLoginFile {
  private static final int UNUSED = 4;
  private static final int KEY = 20;
  private static final int AES_KEY = 16;
  private static final Set<PosixFilePermission> OTHERS =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private final Path file;
  private final Consumer<String> warnings;

  MyLoginFile(Path file, Consumer<String> warnings) {
    this.file = file;
    this.warnings = warnings;
  }

  /** The options by name, with dashes; the last one counts. */
  Map<String, String> options() {
    try {
      if (!Files.isRegularFile(file) || isOpenToOthers()) {
        return Map.of();
      }
      return read(ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN));
    } catch (IOException | GeneralSecurityException e) {
      warnings.accept("The login path file " + file + " cannot be read and is ignored: " + e);
      return Map.of();
    }
  }

  private boolean isOpenToOthers() throws IOException {
    boolean open =
        file.getFileSystem().supportedFileAttributeViews().contains("posix")
            && Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains);
    if (open) {
      warnings.accept(
          "The login path file "
              + file
              + " is ignored: others have access to it; run: chmod 600 "
              + file);
    }
    return open;
  }

  private static Map<String, String> read(ByteBuffer content)
      throws IOException, GeneralSecurityException {
    if (content.remaining() < UNUSED + KEY) {
      throw new IOException("it is too short");
    }
    content.position(UNUSED);
    byte[] key = new byte[AES_KEY];
    for (int i = 0; i < KEY; i++) {
      key[i % AES_KEY] ^= content.get();
    }
    Cipher cipher = Cipher.getInstance("AES/ECB/PKCS5Padding");
    cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"));
    MyCnfLines lines = new MyCnfLines();
    String section = "";
    while (content.hasRemaining()) {
      String line = line(content, cipher);
      section = MyCnfLines.section(line).orElse(section);
      lines.read(section, line);
    }
    return lines.options();
  }

  private static String line(ByteBuffer content, Cipher cipher)
      throws IOException, GeneralSecurityException {
    int length = content.remaining() < Integer.BYTES ? -1 : content.getInt();
    if (length < 0 || length > content.remaining()) {
      throw new IOException("it ends in the midst of a line");
    }
    byte[] line = new byte[length];
    content.get(line);
    return new String(cipher.doFinal(line), StandardCharsets.UTF_8).strip();
  }
}
