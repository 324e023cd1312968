package io.zdmosc.postgres.plan;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.catalog.ColumnInfo;
import io.zdmosc.postgres.shadow.MappedColumn;
import io.zdmosc.postgres.shadow.ShadowSpec;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionDefaults;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Conversions whose result depends on settings of the session: they must come out as in an ordinary
 * session of the role. Where that cannot be had, the change is refused, or a note says so.
 */
final class ConversionCheck {
  /** Dates and times, and what may hold them: ranges, arrays, rows, types of extensions. */
  private static final String TEMPORAL = "DTRACPU";

  private static final String FLOATING = "NRACPU";

  private final Session session;
  private final ShadowSpec spec;
  private final SessionDefaults defaults;

  ConversionCheck(Session session, ShadowSpec spec, SessionDefaults defaults) {
    this.session = session;
    this.spec = spec;
    this.defaults = defaults;
  }

  List<Problem> problems() throws SQLException {
    List<Problem> problems = new ArrayList<>();
    for (MappedColumn column : converted()) {
      if (defaults.writesDatesOtherwise() && mayHold(column, TEMPORAL)) {
        problems.add(
            problem(column, "DateStyle", defaults.dateStyle().orElseThrow(), "'ISO, DMY'"));
      }
      if (defaults.writesFloatsOtherwise() && mayHold(column, FLOATING)) {
        problems.add(
            problem(column, "extra_float_digits", defaults.extraFloatDigits().orElseThrow(), "1"));
      }
    }
    return problems;
  }

  private static Problem problem(MappedColumn column, String setting, String value, String other) {
    return new Problem(
        "column " + column.column().name(),
        "may be converted otherwise than by ALTER TABLE: the role or the database has "
            + setting
            + " set to "
            + value
            + ", which a migration cannot use",
        "For the role that runs the migration: ALTER ROLE ... SET "
            + setting
            + " = "
            + other
            + ".");
  }

  /** Notes on what cannot be told. */
  List<String> notes() throws SQLException {
    if (!defaults.timeZoneKnown()) {
      for (MappedColumn column : converted()) {
        if (mayHold(column, TEMPORAL) || mayHold(column.column(), TEMPORAL)) {
          return List.of(
              "conversions between types with and without a time zone take place in "
                  + defaults.timeZone()
                  + ", the zone of the server's log: this role cannot see the server's own setting."
                  + " For another: ALTER ROLE ... SET TimeZone");
        }
      }
    }
    return List.of();
  }

  private List<MappedColumn> converted() {
    return spec.columns().stream()
        .filter(c -> c.source() != null && c.isWritten())
        .filter(c -> !c.plain() || !c.source().type().equals(c.column().type()))
        .toList();
  }

  /** An expression may do anything with any column. */
  private boolean mayHold(MappedColumn column, String categories) throws SQLException {
    return !column.plain() || mayHold(column.source(), categories);
  }

  private boolean mayHold(ColumnInfo column, String categories) throws SQLException {
    return session.test(
        "SELECT strpos(?::text, t.typcategory::text) > 0"
            + " AND t.typname NOT IN ('int2', 'int4', 'int8', 'numeric', 'oid')"
            + " FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace"
            + " WHERE t.typname = ?::text AND n.nspname = ?::text",
        categories,
        column.typeName(),
        column.typeSchema());
  }
}
