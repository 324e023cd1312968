package io.zdmosc.mysql.stream;

import io.zdmosc.mysql.sql.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Chooses the number under which we read the log. A server throws out an older reader when a newer
 * one comes with the same number, so it must be no replica's: it is taken at random out of the
 * upper half of the numbers, where people seldom choose theirs, and is none that the server lists.
 * (MySQL tells readers apart by a UUID besides, and ours is random too.)
 */
final class ServerIds {
  private static final long LOWEST = 1L << 31;
  private static final long HIGHEST = (1L << 32) - 1;

  private ServerIds() {}

  static long choose(Session session, RandomGenerator random) {
    Set<Long> taken = new HashSet<>();
    for (String sql : new String[] {"SHOW REPLICAS", "SHOW SLAVE HOSTS", "SELECT @@server_id"}) {
      try (Statement statement = session.connection().createStatement();
          ResultSet rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          taken.add(rows.getLong(1));
        }
      } catch (SQLException e) {
        continue; // another version's words, or not ours to see
      }
    }
    long id;
    do {
      id = random.nextLong(LOWEST, HIGHEST);
    } while (taken.contains(id));
    return id;
  }
}
