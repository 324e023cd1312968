package io.zdmosc.mysql.plan.checks;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the user must be allowed to, by what SHOW GRANTS says; with the statement that grants it.
 */
public final class PrivilegeCheck implements Check {
  private static final Pattern GRANT =
      Pattern.compile(
          "GRANT (.+?) ON (?:TABLE )?(\\S+|`.*?`\\.(?:`.*?`|\\*)) TO .*", Pattern.DOTALL);
  private static final Set<String> GLOBAL = Set.of("REPLICATION SLAVE", "PROCESS");
  private static final Set<String> ON_TABLES =
      Set.of("SELECT", "INSERT", "DELETE", "CREATE", "DROP", "ALTER", "INDEX", "LOCK TABLES");
  private static final Set<String> ON_CONTROL =
      Set.of(
          "SELECT",
          "INSERT",
          "UPDATE",
          "DELETE",
          "CREATE",
          "DROP",
          "ALTER",
          "INDEX",
          "CREATE TEMPORARY TABLES",
          "LOCK TABLES");

  /** What one line grants, and where. */
  private record Granted(Set<String> privileges, String scope) {}

  @Override
  public List<Problem> run(CheckContext context) throws SQLException {
    Session session = context.session();
    List<Granted> granted = read(session);
    String user = session.text("SELECT CURRENT_USER()").orElseThrow();
    List<Problem> problems = new ArrayList<>();
    Set<String> global = new TreeSet<>(GLOBAL);
    global.add(session.server().mariaDb() ? "BINLOG MONITOR" : "REPLICATION CLIENT");
    String schema = context.table().schema();
    missing(granted, global, "*.*", List.of("*.*"), user, problems);
    missing(
        granted,
        ON_TABLES,
        Sql.name(schema) + ".*",
        List.of("*.*", Sql.name(schema) + ".*", Sql.name(escaped(schema)) + ".*"),
        user,
        problems);
    missing(
        granted,
        ON_CONTROL,
        "`zdm_osc`.*",
        List.of("*.*", "`zdm_osc`.*", "`zdm\\_osc`.*"),
        user,
        problems);
    return problems;
  }

  /** In grants an underscore stands for any character, unless a backslash is before it. */
  private static String escaped(String schema) {
    return schema.replace("_", "\\_").replace("%", "\\%");
  }

  private static List<Granted> read(Session session) throws SQLException {
    String roles =
        session.server().mariaDb() ? "NONE" : session.text("SELECT CURRENT_ROLE()").orElse("NONE");
    String using = roles.equals("NONE") ? "" : " FOR CURRENT_USER() USING " + roles;
    List<Granted> granted = new ArrayList<>();
    for (String line : session.read("SHOW GRANTS" + using, row -> row.getString(1))) {
      Matcher matcher = GRANT.matcher(line);
      if (matcher.matches()) {
        Set<String> privileges = new TreeSet<>();
        for (String privilege : matcher.group(1).split(",")) {
          privileges.add(privilege.strip().toUpperCase(Locale.ROOT));
        }
        granted.add(new Granted(privileges, matcher.group(2)));
      }
    }
    return granted;
  }

  private static void missing(
      List<Granted> granted,
      Set<String> wanted,
      String on,
      List<String> scopes,
      String user,
      List<Problem> problems) {
    String missing =
        new TreeSet<>(wanted)
            .stream()
                .filter(
                    privilege ->
                        granted.stream()
                            .filter(line -> scopes.contains(line.scope()))
                            .noneMatch(line -> has(line, privilege)))
                .collect(Collectors.joining(", "));
    if (!missing.isEmpty()) {
      int at = user.lastIndexOf('@');
      problems.add(
          new Problem(
              "user " + user,
              "lacks " + missing + " on " + on,
              "GRANT "
                  + missing
                  + " ON "
                  + on
                  + " TO "
                  + Sql.literal(user.substring(0, at))
                  + "@"
                  + Sql.literal(user.substring(at + 1))
                  + ";"));
    }
  }

  private static boolean has(Granted line, String privilege) {
    return line.privileges().contains(privilege)
        || line.privileges().contains("ALL PRIVILEGES")
        || line.privileges().contains("ALL");
  }
}
