package io.zdmosc.mysql.stream.wire;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.mariadb.jdbc.message.ClientMessage;

/** The packets that a server sends after a {@link DumpRequest}. One thread. */
public interface LogSource {
  /**
   * Reads the next packet, waiting for it.
   *
   * @param wanted is shown the beginning of a packet that is too long for one piece; where it says
   *     no, the rest is read past and the packet ends there
   */
  void next(Packet packet, Interest wanted) throws IOException;

  /** Says whether the rest of a packet is of interest. */
  @FunctionalInterface
  interface Interest {
    boolean in(Packet beginning);
  }

  /**
   * Sends the request over a connection, which from then on carries nothing but the log.
   *
   * @throws SQLException when that fails
   */
  static LogSource open(Connection connection, DumpRequest request) throws SQLException {
    if (connection.isWrapperFor(org.mariadb.jdbc.Connection.class)) {
      MariadbLogSource source = new MariadbLogSource(request);
      ClientMessage message = source;
      connection.unwrap(org.mariadb.jdbc.Connection.class).getClient().execute(message, false);
      return source;
    }
    return MysqlLogSource.open(connection.unwrap(com.mysql.cj.jdbc.JdbcConnection.class), request);
  }
}
