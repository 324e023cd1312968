package io.zdmosc.mysql.dump;

import io.zdmosc.mysql.sql.Server;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.Sql;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The settings under which a dump is read, whatever those of the session that reads it are; that
 * session gets its own back.
 */
final class RestoreSettings {
  private static final Set<String> STRICT = Set.of("STRICT_ALL_TABLES", "STRICT_TRANS_TABLES");

  /** What a generated column divided by zero is NULL already. */
  private static final Set<String> NEVER = Set.of("ERROR_FOR_DIVISION_BY_ZERO");

  /** What SET NAMES sets. */
  private static final List<String> NAMES =
      List.of("character_set_client", "character_set_results", "collation_connection");

  private final Map<String, String> values = new LinkedHashMap<>();
  private final String strict;
  private final String lax;

  private RestoreSettings(Server server, String sqlMode) {
    strict = without(NEVER, sqlMode);
    lax = without(STRICT, strict);
    values.put("sql_mode", Sql.literal(strict));
    values.put("time_zone", "'+00:00'");
    values.put("foreign_key_checks", "0");
    values.put("unique_checks", "0");
    values.put("autocommit", "1");
    if (server.hasTimestampDefaultsOfSessions()) {
      values.put("explicit_defaults_for_timestamp", "1");
    }
    if (server.mariaDb()) {
      values.put("check_constraint_checks", "0");
    }
  }

  /** Expressions of the table's are evaluated as in this session. */
  static RestoreSettings of(Session session) throws SQLException {
    return new RestoreSettings(
        session.server(), session.text("SELECT @@SESSION.sql_mode").orElseThrow());
  }

  void begin(SqlOutput out) throws IOException {
    for (String name : names()) {
      out.line("SET " + saved(name) + " = @@SESSION." + name + ";");
    }
    out.line("SET NAMES utf8mb4;");
    for (Map.Entry<String, String> each : values.entrySet()) {
      out.line("SET SESSION " + each.getKey() + " = " + each.getValue() + ";");
    }
  }

  void end(SqlOutput out) throws IOException {
    for (String name : names()) {
      out.line("SET SESSION " + name + " = " + saved(name) + ";");
    }
  }

  /** From here on, values that no column takes today are taken, or not. */
  void invalidValues(boolean taken, SqlOutput out) throws IOException {
    out.line("SET SESSION sql_mode = " + Sql.literal(taken ? lax : strict) + ";");
  }

  private List<String> names() {
    return Stream.concat(NAMES.stream(), values.keySet().stream()).toList();
  }

  private static String saved(String name) {
    return "@zdm_" + name;
  }

  private static String without(Set<String> modes, String sqlMode) {
    return Arrays.stream(sqlMode.split(","))
        .filter(mode -> !modes.contains(mode))
        .collect(Collectors.joining(","));
  }
}
