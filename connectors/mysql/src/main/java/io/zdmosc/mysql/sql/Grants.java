package io.zdmosc.mysql.sql;

import io.zdmosc.engine.error.Problem;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the user and the roles of this session may do, by the lines of SHOW GRANTS. Rights on single
 * tables and columns do not count: a migration makes tables of its own. Immutable.
 */
public final class Grants {
  /** A database's name may be a pattern; partial revokes are lines of their own. */
  private static final Pattern LINE =
      Pattern.compile(
          "(GRANT|REVOKE) (.+?) ON (?:(\\*)|`((?:[^`]|``)*)`)\\.\\* (?:TO|FROM) .*",
          Pattern.DOTALL);

  /** One line; an empty database for all of them. */
  private record Entry(boolean revoked, Set<String> privileges, String database) {
    boolean names(String privilege) {
      return privileges.contains(privilege)
          || privileges.contains("ALL PRIVILEGES")
          || privileges.contains("ALL");
    }

    boolean isGlobal() {
      return database.isEmpty();
    }

    boolean covers(String schema) {
      return !isGlobal() && (database.equals(schema) || pattern().matcher(schema).matches());
    }

    /** Percent and underscore are wildcards, unless a backslash is before them. */
    private Pattern pattern() {
      StringBuilder regex = new StringBuilder();
      for (int i = 0; i < database.length(); i++) {
        char c = database.charAt(i);
        if (c == '\\' && i + 1 < database.length()) {
          regex.append(Pattern.quote(String.valueOf(database.charAt(++i))));
        } else {
          regex.append(c == '%' ? ".*" : c == '_' ? "." : Pattern.quote(String.valueOf(c)));
        }
      }
      return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }
  }

  private final List<Entry> entries;

  private Grants(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  public static Grants read(Session session) throws SQLException {
    String roles =
        session.server().mariaDb() ? "NONE" : session.text("SELECT CURRENT_ROLE()").orElse("NONE");
    String using = roles.equals("NONE") ? "" : " FOR CURRENT_USER() USING " + roles;
    return of(session.read("SHOW GRANTS" + using, row -> row.getString(1)));
  }

  static Grants of(List<String> lines) {
    List<Entry> entries = new ArrayList<>();
    for (String line : lines) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        Set<String> privileges = new TreeSet<>();
        for (String privilege : matcher.group(2).split(",")) {
          privileges.add(privilege.strip().toUpperCase(Locale.ROOT));
        }
        String database = matcher.group(4) == null ? "" : matcher.group(4).replace("``", "`");
        entries.add(new Entry(matcher.group(1).equals("REVOKE"), privileges, database));
      }
    }
    return new Grants(entries);
  }

  /** Those that are not granted for the whole server. */
  public Set<String> missingEverywhere(Set<String> wanted) {
    Set<String> missing = new TreeSet<>(wanted);
    missing.removeIf(privilege -> has(privilege, Entry::isGlobal));
    return missing;
  }

  /** Those that are not granted on a database, be it by a line for the whole server. */
  public Set<String> missingOn(String schema, Set<String> wanted) {
    Set<String> missing = new TreeSet<>(wanted);
    missing.removeIf(
        privilege ->
            has(privilege, entry -> entry.covers(schema))
                || has(privilege, Entry::isGlobal) && !isRevoked(privilege, schema));
    return missing;
  }

  /**
   * What the session's user is told who lacks these, with the statement that grants them; empty
   * where there are none.
   *
   * @param on where they are missing, as GRANT has it
   */
  public static Optional<Problem> lacking(Session session, Set<String> missing, String on)
      throws SQLException {
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    String user = session.text("SELECT CURRENT_USER()").orElseThrow();
    int at = user.lastIndexOf('@');
    String list = String.join(", ", missing);
    String account = Sql.literal(user.substring(0, at)) + "@" + Sql.literal(user.substring(at + 1));
    return Optional.of(
        new Problem(
            "user " + user,
            "lacks " + list + " on " + on,
            "GRANT " + list + " ON " + on + " TO " + account + ";"));
  }

  private boolean has(String privilege, Predicate<Entry> where) {
    return entries.stream()
        .anyMatch(entry -> !entry.revoked() && where.test(entry) && entry.names(privilege));
  }

  private boolean isRevoked(String privilege, String schema) {
    return entries.stream()
        .anyMatch(entry -> entry.revoked() && entry.covers(schema) && entry.names(privilege));
  }
}
