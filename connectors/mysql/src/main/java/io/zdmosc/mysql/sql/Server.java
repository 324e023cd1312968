package io.zdmosc.mysql.sql;

import java.sql.SQLException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which server this is.
 *
 * @param mariaDb true for MariaDB, false for MySQL and what calls itself so
 * @param version as the server says it
 * @param number major, minor and patch as in 80013, 101104 or 90704
 */
public record Server(boolean mariaDb, String version, int number) {
  private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+)");

  /** Asks the server. */
  static Server of(Session session) throws SQLException {
    String version = session.text("SELECT VERSION()").orElseThrow();
    boolean mariaDb = version.toLowerCase(Locale.ROOT).contains("mariadb");
    // old MariaDB servers say 5.5.5- first, for clients that know no other major version
    String own = version.startsWith("5.5.5-") ? version.substring("5.5.5-".length()) : version;
    Matcher numbers = NUMBERS.matcher(own);
    int number =
        numbers.find()
            ? Integer.parseInt(numbers.group(1)) * 10_000
                + Integer.parseInt(numbers.group(2)) * 100
                + Integer.parseInt(numbers.group(3))
            : 0;
    return new Server(mariaDb, own, number);
  }

  /** True for MySQL of this version or a newer one. */
  public boolean isMySqlSince(int wanted) {
    return !mariaDb && number >= wanted;
  }

  /** True for MariaDB of this version or a newer one. */
  public boolean isMariaDbSince(int wanted) {
    return mariaDb && number >= wanted;
  }

  /** True when a session can have its own explicit_defaults_for_timestamp. */
  public boolean hasTimestampDefaultsOfSessions() {
    return !mariaDb || number >= 101_100;
  }

  @Override
  public String toString() {
    return (mariaDb ? "MariaDB " : "MySQL ") + version;
  }
}
