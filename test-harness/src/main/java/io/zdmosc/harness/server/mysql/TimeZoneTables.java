package io.zdmosc.harness.server.mysql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;

/** Teaches a server the rules of named time zones, which its tables lack when it is new. */
final class TimeZoneTables {
  private static final Instant END = Instant.parse("2038-01-01T00:00:00Z");

  private TimeZoneTables() {}

  static void add(Connection connection, String name) throws SQLException {
    ZoneRules rules = ZoneId.of(name).getRules();
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO mysql.time_zone (Use_leap_seconds) VALUES ('N')",
          Statement.RETURN_GENERATED_KEYS);
      long id;
      try (ResultSet keys = statement.getGeneratedKeys()) {
        keys.next();
        id = keys.getLong(1);
      }
      insert(connection, "INSERT INTO mysql.time_zone_name VALUES (?, ?)", name, id);
      List<Type> types = new ArrayList<>();
      type(rules, Instant.EPOCH, types);
      ZoneOffsetTransition next = rules.nextTransition(Instant.EPOCH);
      while (next != null && next.getInstant().isBefore(END)) {
        int type = type(rules, next.getInstant(), types);
        String sql = "INSERT INTO mysql.time_zone_transition VALUES (?, ?, ?)";
        insert(connection, sql, id, next.getInstant().getEpochSecond(), type);
        next = rules.nextTransition(next.getInstant());
      }
      for (int i = 0; i < types.size(); i++) {
        Type type = types.get(i);
        String sql = "INSERT INTO mysql.time_zone_transition_type VALUES (?, ?, ?, ?, '')";
        insert(connection, sql, id, i, type.offsetSeconds(), type.summer() ? 1 : 0);
      }
    }
  }

  /** What a clock shows in a part of the year. */
  private record Type(int offsetSeconds, boolean summer) {}

  private static int type(ZoneRules rules, Instant at, List<Type> types) {
    Type type = new Type(rules.getOffset(at).getTotalSeconds(), rules.isDaylightSavings(at));
    if (!types.contains(type)) {
      types.add(type);
    }
    return types.indexOf(type);
  }

  private static void insert(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }
}
