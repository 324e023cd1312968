package io.zdmosc.mysql.stream.wire;

import java.io.IOException;
import java.util.function.Consumer;
import org.mariadb.jdbc.Statement;
import org.mariadb.jdbc.client.Completion;
import org.mariadb.jdbc.client.Context;
import org.mariadb.jdbc.client.ReadableByteBuf;
import org.mariadb.jdbc.client.socket.Reader;
import org.mariadb.jdbc.client.socket.Writer;
import org.mariadb.jdbc.client.util.ClosableLock;
import org.mariadb.jdbc.export.ExceptionFactory;
import org.mariadb.jdbc.message.ClientMessage;

/**
 * Over a connection of MariaDB Connector/J: a message to the server whose answer never ends. The
 * driver hands its reader to the message, and we keep it.
 */
final class MariadbLogSource implements LogSource, ClientMessage {
  private static final int LONGEST_PIECE = 0xFFFFFF;

  private final DumpRequest request;
  private Reader reader;

  MariadbLogSource(DumpRequest request) {
    this.request = request;
  }

  @Override
  public int encode(Writer writer, Context context) throws IOException {
    writer.initPacket();
    writer.writeBytes(request.command());
    writer.flush();
    return 1; // one answer: the driver calls readPacket for it
  }

  @Override
  public Completion readPacket(
      Statement statement,
      int fetchSize,
      long maxRows,
      int concurrency,
      int resultSetType,
      boolean closeOnCompletion,
      Reader source,
      Writer writer,
      Context context,
      ExceptionFactory exceptions,
      ClosableLock lock,
      boolean trace,
      ClientMessage message,
      Consumer<String> redirect) {
    reader = source;
    return null;
  }

  /** The driver hands out pieces, not packets. */
  @Override
  public void next(Packet packet, Interest wanted) throws IOException {
    ReadableByteBuf piece = reader.readReusablePacket(false);
    int length = piece.readableBytes();
    packet.show(piece.buf(), piece.pos(), piece.pos() + length);
    boolean keep = length == LONGEST_PIECE && wanted.in(packet);
    int kept = length;
    while (length == LONGEST_PIECE) {
      piece = reader.readReusablePacket(false);
      length = piece.readableBytes();
      if (keep) {
        packet.grow(kept, length);
        System.arraycopy(piece.buf(), piece.pos(), packet.buffer(), kept, length);
        kept += length;
      }
    }
  }
}
