package io.zdmosc.mysql.dump;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what is stored in a character set of the server's, where what is read is sure to become the
 * same bytes again.
 */
final class CharsetText {
  private static final Set<String> UTF8 = Set.of("utf8mb4", "utf8mb3", "utf8", "ascii");

  /** From here on, the server's latin1 (which is Windows') and ISO 8859-1 are the same. */
  private static final int SAME_FROM = 0xA0;

  private static final int ASCII_END = 0x7F;

  private CharsetText() {}

  /** Empty where only the bytes themselves are sure. */
  static Optional<String> read(String charset, byte[] stored) {
    if (UTF8.contains(charset)) {
      return utf8(stored);
    }
    return charset.equals("latin1") && isPlainLatin1(stored)
        ? Optional.of(new String(stored, StandardCharsets.ISO_8859_1))
        : Optional.empty();
  }

  private static Optional<String> utf8(byte[] stored) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(stored)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty(); // no text: the bytes are written as they are
    }
  }

  private static boolean isPlainLatin1(byte[] stored) {
    for (byte each : stored) {
      int code = Byte.toUnsignedInt(each);
      if (code >= ASCII_END && code < SAME_FROM) {
        return false;
      }
    }
    return true;
  }
}
