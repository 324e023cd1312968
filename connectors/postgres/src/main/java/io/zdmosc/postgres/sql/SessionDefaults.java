package io.zdmosc.postgres.sql;

import static io.zdmosc.postgres.sql.Sql.literal;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What an ordinary session of this role in this database would have, where the driver's start-up
 * packet says otherwise: it sends the client's own time zone and {@code DateStyle=ISO}, and what it
 * sends counts as the session's default, so nothing can be reset. Expressions of the user's clause
 * must not depend on the machine that the migration runs on.
 *
 * @param timeZone as {@code SET TimeZone} takes it
 * @param timeZoneKnown false where the server's configuration is hidden and nothing is set for role
 *     or database: then it is the zone of the server's log, which is the same unless somebody
 *     changed one of them
 * @param dateStyle what is set for role, database or in the configuration; empty where unknown
 * @param extraFloatDigits likewise
 */
public record SessionDefaults(
    String timeZone,
    boolean timeZoneKnown,
    Optional<String> dateStyle,
    Optional<String> extraFloatDigits) {

  /** Role before database, as the server has it. */
  private static final String BY_ROLE_OR_DATABASE =
      """
      SELECT DISTINCT ON (1) lower(split_part(c, '=', 1)), substr(c, strpos(c, '=') + 1)
        FROM pg_db_role_setting s, unnest(s.setconfig) AS c
       WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
         AND s.setrole IN (0, (SELECT oid FROM pg_roles WHERE rolname = session_user))
       ORDER BY 1, s.setrole = 0, s.setdatabase = 0\
      """;

  private static final String CONFIGURED =
      """
      SELECT DISTINCT ON (1) lower(name), setting FROM pg_file_settings
       WHERE applied ORDER BY 1, seqno DESC\
      """;

  static SessionDefaults read(Session session) throws SQLException {
    Map<String, String> settings = new HashMap<>();
    boolean configurationKnown =
        session.test(
            "SELECT has_table_privilege('pg_catalog.pg_file_settings', 'SELECT') AND"
                + " has_function_privilege('pg_catalog.pg_show_all_file_settings()', 'EXECUTE')");
    if (configurationKnown) {
      collect(session, CONFIGURED, settings);
    }
    collect(session, BY_ROLE_OR_DATABASE, settings);
    String zone = settings.get("timezone");
    boolean known = zone != null || configurationKnown;
    if (zone == null) {
      zone =
          session
              .text(
                  configurationKnown
                      ? "SELECT boot_val FROM pg_settings WHERE name = 'TimeZone'"
                      : "SELECT current_setting('log_timezone')")
              .orElse("GMT");
    }
    return new SessionDefaults(
        zone,
        known,
        Optional.ofNullable(settings.get("datestyle")),
        Optional.ofNullable(settings.get("extra_float_digits")));
  }

  private static void collect(Session session, String query, Map<String, String> settings)
      throws SQLException {
    session
        .query(query, row -> Map.entry(row.getString(1), row.getString(2)))
        .forEach(entry -> settings.put(entry.getKey(), entry.getValue()));
  }

  /** Makes a session like an ordinary one, but for dates, which the driver wants in ISO form. */
  String statements() {
    // the order of day and month matters for reading; the driver sees the form at the end only
    String order =
        dateStyle
            .map(style -> "SET DateStyle = " + literal(style) + "; SET DateStyle = 'ISO'; ")
            .orElse("");
    return order + "SET TimeZone = " + literal(timeZone);
  }

  /** Whether dates come out of an ordinary session in another form than out of ours. */
  public boolean writesDatesOtherwise() {
    return dateStyle
        .filter(style -> style.toLowerCase(Locale.ROOT).matches(".*(german|sql|postgres).*"))
        .isPresent();
  }

  /** Whether floating-point numbers come out of an ordinary session with fewer digits. */
  public boolean writesFloatsOtherwise() {
    return extraFloatDigits.filter(digits -> Integer.parseInt(digits.trim()) < 1).isPresent();
  }
}
