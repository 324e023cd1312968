package io.zdmosc.mysql.stream.event;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

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

  /** So much is read of an event before it is known whether it matters. */
  private static final int BEGINNING = 16 * 1024;

  private TransactionPayload() {}

  /** Takes one event out of a payload: it has a header, but no checksum. */
  public interface Sink {
    void event(byte[] buffer, int begin, int end);

    /** True when the event, of which this is the beginning, is of no interest whatever follows. */
    boolean isForeign(byte[] buffer, int begin, int end);
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

  private static void fill(InputStream plain, byte[] buffer, int from, int to) throws IOException {
    if (plain.readNBytes(buffer, from, to - from) < to - from) {
      throw new EOFException("it is cut short");
    }
  }

  private static void split(InputStream plain, Sink sink) throws IOException {
    byte[] buffer = new byte[BEGINNING];
    int header;
    while ((header = plain.readNBytes(buffer, 0, EventHeader.LENGTH)) > 0) {
      if (header < EventHeader.LENGTH) {
        throw new EOFException("it is cut short");
      }
      long size = new Bytes(buffer, SIZE_OFFSET, EventHeader.LENGTH).u32();
      int first = (int) Math.min(size, BEGINNING);
      fill(plain, buffer, EventHeader.LENGTH, first);
      if (size > BEGINNING && sink.isForeign(buffer, 0, first)) {
        plain.skipNBytes(size - first);
        continue;
      }
      if (size > buffer.length) {
        buffer = Arrays.copyOf(buffer, EventSize.check(size));
      }
      fill(plain, buffer, first, (int) size);
      sink.event(buffer, 0, (int) size);
    }
  }
}
