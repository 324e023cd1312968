package io.zdmosc.mysql.stream;

import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;

/**
 * Tells servers apart. A position means something on one server only, and behind the same address
 * there may be another one after a failover.
 *
 * @param text the same as long as it is the same server
 */
public record ServerIdentity(String text) {
  static ServerIdentity of(Session session) throws SQLException {
    String identity =
        session.server().mariaDb()
            ? "SELECT CONCAT_WS('/', @@server_id, @@hostname, @@port, @@datadir)"
            : "SELECT @@server_uuid";
    return new ServerIdentity(session.text(identity).orElseThrow());
  }
}
