package io.zdmosc.mysql.stream.event;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * MySQL's {@code binlog_transaction_compression}: all events of a transaction in one. They are
 * decompressed one after the other, so memory is needed for the largest of them only.
 */
public final class TransactionPayload {
  private static final int END = 0;
  private static final int COMPRESSION = 2;
  private static final int ZSTD = 0;
  private static final int NONE = 255;
  private static final int SIZE_OFFSET = 9;

  private TransactionPayload() {}

  /** Takes one event out of a payload: it has a header, but no checksum. */
  @FunctionalInterface
  public interface Sink {
    void event(byte[] buffer, int begin, int end);
  }

  /** Reads a payload event from behind its header. */
  public static void read(Bytes event, Sink sink) {
    int compression = NONE;
    for (int field = (int) event.packed(); field != END; field = (int) event.packed()) {
      int length = (int) event.packed();
      if (field == COMPRESSION) {
        compression = (int) event.packed();
      } else {
        event.skip(length);
      }
    }
    InputStream packed =
        new ByteArrayInputStream(event.buffer(), event.position(), event.remaining());
    try (InputStream plain = decompressed(packed, compression)) {
      split(plain, sink);
    } catch (IOException e) {
      throw new UncheckedIOException("a compressed transaction is damaged", e);
    }
  }

  private static InputStream decompressed(InputStream packed, int compression) throws IOException {
    return switch (compression) {
      case ZSTD -> new ZstdInputStreamNoFinalizer(packed);
      case NONE -> packed;
      default ->
          throw new IllegalStateException(
              "a transaction is compressed in an unknown way: " + compression);
    };
  }

  private static void split(InputStream plain, Sink sink) throws IOException {
    byte[] buffer = new byte[16 * 1024];
    int header;
    while ((header = plain.readNBytes(buffer, 0, EventHeader.LENGTH)) > 0) {
      int size = Math.toIntExact(new Bytes(buffer, SIZE_OFFSET, EventHeader.LENGTH).u32());
      if (size > buffer.length) {
        buffer = java.util.Arrays.copyOf(buffer, Math.max(size, buffer.length * 2));
      }
      int rest = size - EventHeader.LENGTH;
      if (header < EventHeader.LENGTH
          || plain.readNBytes(buffer, EventHeader.LENGTH, rest) < rest) {
        throw new IOException("it is cut short");
      }
      sink.event(buffer, 0, size);
    }
  }
}
