package io.zdmosc.postgres.plan;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.postgresql.util.PSQLException;

/**
 * The database's event triggers that fire on what a migration does. They are not in the way by
 * themselves, but what they do and how long they take, they do under the cut-over's lock too.
 */
final class EventTriggers {
  private static final String QUERY =
      """
      SELECT t.evtname, t.evtevent, p.proname
        FROM pg_event_trigger t JOIN pg_proc p ON p.oid = t.evtfoid
       WHERE t.evtenabled IN ('O', 'A')
         AND t.evtevent IN ('ddl_command_start', 'ddl_command_end', 'sql_drop', 'table_rewrite')
         AND (t.evttags IS NULL OR t.evttags && ARRAY['CREATE SCHEMA', 'DROP SCHEMA', 'CREATE TABLE',
              'ALTER TABLE', 'DROP TABLE', 'CREATE INDEX', 'ALTER INDEX', 'DROP INDEX',
              'ALTER SEQUENCE', 'CREATE PUBLICATION', 'DROP PUBLICATION', 'COMMENT', 'GRANT',
              'REVOKE', 'CREATE VIEW', 'DROP VIEW'])
       ORDER BY t.evtname\
      """;

  private record Trigger(String name, String event, String function) {}

  private final Session session;
  private final List<Trigger> triggers;

  EventTriggers(Session session) throws SQLException {
    this.session = session;
    this.triggers =
        session.query(
            QUERY, row -> new Trigger(row.getString(1), row.getString(2), row.getString(3)));
  }

  List<String> notes() {
    return triggers.stream()
        .map(
            trigger ->
                "event trigger "
                    + trigger.name()
                    + " ("
                    + trigger.event()
                    + ") fires on the migration's own statements, also under the cut-over's lock")
        .toList();
  }

  /** Runs what the rest of a rehearsal leaves out, so that a trigger that forbids it is known. */
  void rehearse(String template, String publication) throws SQLException {
    if (!triggers.isEmpty()) {
      session.execute("CREATE PUBLICATION " + publication);
      session.execute("DROP PUBLICATION " + publication);
      session.execute("DROP TABLE " + template);
    }
  }

  /** The trigger that a statement failed in, if it was one. */
  Optional<Problem> blamed(SQLException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PSQLException e && e.getServerErrorMessage() != null) {
        String where = String.valueOf(e.getServerErrorMessage().getWhere());
        return triggers.stream()
            .filter(trigger -> where.contains(trigger.function() + "()"))
            .findFirst()
            .map(
                trigger ->
                    new Problem(
                        "event trigger " + trigger.name(),
                        "does not let the migration's statements pass: " + failure.getMessage(),
                        "Let its function pass the role that runs the migration, or disable it for"
                            + " that time: ALTER EVENT TRIGGER ... DISABLE."));
      }
    }
    return Optional.empty();
  }
}
