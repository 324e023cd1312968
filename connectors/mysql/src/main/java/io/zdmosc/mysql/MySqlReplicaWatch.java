package io.zdmosc.mysql;

import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.ReplicaWatch;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Asks a replica how far it is behind; in whole seconds, as it knows no better. */
final class MySqlReplicaWatch implements ReplicaWatch {
  private static final String TIMEOUT_MILLIS = "5000";
  private static final String RIGHT =
      "GRANT REPLICATION CLIENT ON *.* TO the user; on MariaDB REPLICA MONITOR";

  private final String url;
  private final Session session;

  private MySqlReplicaWatch(String url, Session session) {
    this.url = url;
    this.session = session;
  }

  /** Connects as to the primary, but for what the URL says. */
  static ReplicaWatch open(ConnectionSettings primary, String url) {
    Map<String, String> properties = new HashMap<>(primary.properties());
    properties.put("connectTimeout", TIMEOUT_MILLIS);
    properties.put("socketTimeout", TIMEOUT_MILLIS);
    boolean otherUser = url.matches("(?i).*[?&]user=.*");
    ConnectionSettings settings =
        new ConnectionSettings(
            url, otherUser ? null : primary.user(), primary.password(), properties);
    try {
      return new MySqlReplicaWatch(url, new SessionFactory(settings).openOrThrow("replica"));
    } catch (SQLException e) {
      throw refused(url, "cannot be connected to: " + Failures.words(e), "Check host and user.");
    }
  }

  @Override
  public OptionalLong lagMillis() {
    List<OptionalLong> channels;
    try {
      channels = ReplicaStatus.secondsBehind(session);
    } catch (SQLException e) {
      throw refused(url, "does not say how it does: " + Failures.words(e), RIGHT);
    }
    if (channels.isEmpty()) {
      throw refused(url, "is no replica", "Name the URL of a replica.");
    }
    boolean running = channels.stream().allMatch(OptionalLong::isPresent);
    return running
        ? OptionalLong.of(
            channels.stream().mapToLong(OptionalLong::getAsLong).max().orElse(0) * 1_000)
        : OptionalLong.empty();
  }

  private static RefusedException refused(String url, String what, String remedy) {
    return RefusedException.of("replica " + url, what, remedy);
  }

  @Override
  public void close() {
    session.close();
  }
}
