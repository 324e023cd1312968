package io.zdmosc.mysql.stream;

import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.stream.event.Xid;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** The XA transactions that are prepared at present. */
final class XaList {
  private XaList() {}

  /**
   * Asks the server.
   *
   * @throws SQLException also when the right to ask is missing: XA_RECOVER_ADMIN on MySQL
   */
  static Set<Xid> read(Session session) throws SQLException {
    try (Statement statement = session.connection().createStatement();
        ResultSet rows = statement.executeQuery("XA RECOVER")) {
      Set<Xid> prepared = new HashSet<>();
      while (rows.next()) {
        byte[] both = rows.getBytes(4);
        int global = rows.getInt(2);
        prepared.add(
            Xid.of(
                Arrays.copyOf(both, global),
                Arrays.copyOfRange(both, global, global + rows.getInt(3)),
                rows.getLong(1)));
      }
      return prepared;
    }
  }
}
