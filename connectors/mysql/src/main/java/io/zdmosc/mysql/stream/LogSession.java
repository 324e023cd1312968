package io.zdmosc.mysql.stream;

import com.mysql.cj.jdbc.JdbcConnection;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the session that the log comes over.
 *
 * <p>The log holds everything that the copy writes, and to decrypt it costs more than the copy
 * itself. MySQL's driver encrypts wherever the server can, unasked. So where nobody asked, and both
 * ends say that the connection does not leave the machine, the log comes unencrypted.
 */
final class LogSession {
  private static final Logger LOG = LoggerFactory.getLogger(LogSession.class);
  private static final String PURPOSE = "stream";
  private static final Set<String> OWN_ADDRESSES = Set.of("127.0.0.1", "::1", "localhost");

  private LogSession() {}

  static Session open(SessionFactory sessions) throws SQLException {
    Session session = sessions.openOrThrow(PURPOSE);
    if (!isEncryptedUnasked(sessions.settings(), session)) {
      return session;
    }
    try {
      Session plain = sessions.openOrThrow(PURPOSE, Map.of("sslMode", "DISABLED"));
      session.close();
      return plain;
    } catch (SQLException e) {
      LOG.debug("the server insists on encryption: {}", e.getMessage());
      return session;
    }
  }

  private static boolean isEncryptedUnasked(ConnectionSettings settings, Session session)
      throws SQLException {
    return session.connection().isWrapperFor(JdbcConnection.class)
        && !speaksOfEncryption(settings)
        && isLocal(session.connection().unwrap(JdbcConnection.class))
        && session
            .text("SELECT SUBSTRING_INDEX(USER(), '@', -1)")
            .filter(OWN_ADDRESSES::contains)
            .isPresent();
  }

  /** Whoever names any of it has decided. */
  private static boolean speaksOfEncryption(ConnectionSettings settings) {
    String url = settings.url();
    String options = url.indexOf('?') < 0 ? "" : url.substring(url.indexOf('?'));
    return Stream.concat(Stream.of(options), settings.properties().keySet().stream())
        .map(text -> text.toLowerCase(Locale.ROOT))
        .anyMatch(t -> t.contains("ssl") || t.contains("tls") || t.contains("certificate"));
  }

  private static boolean isLocal(JdbcConnection connection) {
    String address = connection.getHostPortPair();
    String host = address.substring(0, Math.max(0, address.lastIndexOf(':')));
    try {
      return !host.isEmpty() && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false; // a name that only the driver can resolve
    }
  }
}
