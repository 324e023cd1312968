package io.zdmosc.mysql.key;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;

/**
 * Writes the stored bytes of a character or binary column as text: text in UTF-8 or ASCII is
 * itself, everything else is its bytes in hexadecimal. So nothing depends on how Java converts a
 * character set, for one column equal bytes give equal text, and different bytes different text.
 */
public final class KeyBytes {
  private static final Set<String> READABLE = Set.of("utf8mb4", "utf8mb3", "utf8", "ascii");
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private KeyBytes() {}

  /** The text of a binary value. */
  public static String binary(byte[] bytes) {
    return HEX.formatHex(bytes);
  }

  /**
   * The text of a character value.
   *
   * @param bytes as stored, in the column's character set
   * @param charset the server's name of the column's character set
   * @throws IllegalStateException when the bytes are not what the character set asks for
   */
  public static String text(byte[] bytes, String charset) {
    if (!READABLE.contains(charset)) {
      return binary(bytes);
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalStateException(
          "a key is no valid text in " + charset + ": " + binary(bytes), e);
    }
  }
}
