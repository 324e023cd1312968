package io.zdmosc.mysql.plan;

import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** After what time the server removes files of its binary log, needed or not. */
public final class LogExpiry {
  private final Session session;

  public LogExpiry(Session session) {
    this.session = session;
  }

  /** Empty where nothing expires. */
  public Optional<Duration> after() throws SQLException {
    if (session.variable("binlog_expire_logs_auto_purge").filter("OFF"::equals).isPresent()) {
      return Optional.empty();
    }
    Optional<Duration> seconds = positive("binlog_expire_logs_seconds").map(Duration::ofSeconds);
    // days may be a fraction on MariaDB
    return seconds.isPresent()
        ? seconds
        : session
            .variable("expire_logs_days")
            .map(Double::parseDouble)
            .filter(days -> days > 0)
            .map(days -> Duration.ofSeconds(Math.round(days * 86_400)));
  }

  private Optional<Long> positive(String variable) throws SQLException {
    return session
        .variable(variable)
        .map(text -> (long) Double.parseDouble(text))
        .filter(value -> value > 0);
  }
}
