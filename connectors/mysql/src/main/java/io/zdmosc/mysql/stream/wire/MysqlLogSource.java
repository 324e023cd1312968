package io.zdmosc.mysql.stream.wire;

import com.mysql.cj.NativeSession;
import com.mysql.cj.exceptions.CJException;
import com.mysql.cj.jdbc.JdbcConnection;
import com.mysql.cj.protocol.a.NativePacketPayload;
import com.mysql.cj.protocol.a.NativeProtocol;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;

/**
 * Over a connection of MySQL Connector/J: the command goes through the driver, its answer is read
 * from the driver's stream of (decrypted) bytes.
 */
final class MysqlLogSource implements LogSource {
  private static final int LONGEST_PIECE = 0xFFFFFF;

  private final InputStream input;
  private final byte[] header = new byte[4];

  private MysqlLogSource(InputStream input) {
    this.input = input;
  }

  static MysqlLogSource open(JdbcConnection connection, DumpRequest request) throws SQLException {
    NativeProtocol protocol = ((NativeSession) connection.getSession()).getProtocol();
    byte[] command = request.command();
    NativePacketPayload payload = new NativePacketPayload(command);
    payload.setPosition(command.length); // what stands before it is sent
    try {
      protocol.sendCommand(payload, true, 0);
      return new MysqlLogSource(protocol.getSocketConnection().getMysqlInput());
    } catch (CJException | IOException e) {
      throw new SQLException("cannot ask for the binary log: " + e.getMessage(), e);
    }
  }

  @Override
  public void next(Packet packet, Interest wanted) throws IOException {
    int length = pieceLength();
    packet.grow(0, length);
    fill(packet.buffer(), 0, length);
    boolean more = length == LONGEST_PIECE;
    boolean keep = more && wanted.in(packet);
    int kept = length;
    while (more) {
      length = pieceLength();
      if (keep) {
        packet.grow(kept, length);
        fill(packet.buffer(), kept, length);
        kept += length;
      } else {
        input.skipNBytes(length);
      }
      more = length == LONGEST_PIECE;
    }
  }

  private int pieceLength() throws IOException {
    fill(header, 0, header.length);
    return (header[0] & 0xFF) | (header[1] & 0xFF) << 8 | (header[2] & 0xFF) << 16;
  }

  private void fill(byte[] target, int offset, int length) throws IOException {
    if (input.readNBytes(target, offset, length) < length) {
      throw new EOFException("the server closed the connection");
    }
  }
}
