package io.zdmosc.postgres.plan;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.sql.Session;
import java.sql.Array;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postgresql.util.PSQLException;

/**
 * The database's event triggers that fire on what a migration does. They are not in the way by
 * themselves, but what they do and how long they take, they do under the cut-over's lock too.
 */
final class EventTriggers {
  private static final String QUERY =
      """
      SELECT t.evtname, t.evtevent, quote_ident(p.proname), t.evttags
        FROM pg_event_trigger t JOIN pg_proc p ON p.oid = t.evtfoid
       WHERE t.evtenabled IN ('O', 'A')
         AND t.evtevent IN ('ddl_command_start', 'ddl_command_end', 'sql_drop', 'table_rewrite')
       ORDER BY t.evtname\
      """;

  /** Begins what the driver's message says about that. */
  private static final String WHERE = "Where: ";

  /**
   * An event trigger.
   *
   * @param function its name, quoted where it must be
   * @param tags of the commands that it fires on; empty for all
   */
  private record Trigger(String name, String event, String function, List<String> tags) {
    /** In the server's words about where something happened. */
    boolean isNamed(String where) {
      return where.contains(" " + function + "()") || where.contains("." + function + "()");
    }

    boolean firesOn(Set<String> used) {
      return tags.isEmpty() || tags.stream().anyMatch(used::contains);
    }
  }

  private final Session session;
  private final List<Trigger> triggers;

  EventTriggers(Session session) throws SQLException {
    this.session = session;
    this.triggers =
        session.query(
            QUERY,
            row ->
                new Trigger(
                    row.getString(1), row.getString(2), row.getString(3), texts(row.getArray(4))));
  }

  private static List<String> texts(Array array) throws SQLException {
    return array == null ? List.of() : Arrays.asList((String[]) array.getArray());
  }

  /**
   * Which of them fire.
   *
   * @param used the tags of all that the migration runs
   */
  List<String> notes(Set<String> used) {
    return triggers.stream()
        .filter(trigger -> trigger.firesOn(used))
        .map(
            trigger ->
                "event trigger "
                    + trigger.name()
                    + " ("
                    + trigger.event()
                    + ") fires on the migration's own statements, also under the cut-over's lock")
        .toList();
  }

  /**
   * Runs what the rest of a rehearsal leaves out, so that a trigger that forbids it is known: on
   * the template, or on things of no use where only the swap makes such a statement.
   *
   * @param schema that nobody else uses, quoted
   * @param used the tags of all that the migration runs
   */
  void rehearse(String template, String schema, Set<String> used) throws SQLException {
    if (triggers.stream().noneMatch(trigger -> trigger.firesOn(used))) {
      return;
    }
    session.execute("CREATE PUBLICATION " + schema);
    for (String statement : CommandTags.samples(used, schema)) {
      session.execute(statement);
    }
    session.execute("DROP PUBLICATION " + schema);
    session.execute("DROP TABLE " + template);
  }

  /** The trigger that a statement failed in, if it was one. */
  Optional<Problem> blamed(SQLException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PSQLException e && e.getServerErrorMessage() != null) {
        return blamed(
            String.valueOf(e.getServerErrorMessage().getWhere()), String.valueOf(e.getMessage()));
      }
    }
    return Optional.empty();
  }

  /** The trigger that something could not be tried for, which therefore looks unfit, if any. */
  Optional<Problem> blamed(List<Problem> problems) {
    return problems.stream()
        .filter(problem -> problem.what().contains(WHERE))
        .map(
            problem ->
                blamed(
                    problem.what().substring(problem.what().indexOf(WHERE)),
                    problem.what().substring(0, problem.what().indexOf(WHERE)).strip()))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Optional<Problem> blamed(String where, String words) {
    return triggers.stream()
        .filter(trigger -> trigger.isNamed(where))
        .findFirst()
        .map(
            trigger ->
                new Problem(
                    "event trigger " + trigger.name(),
                    "does not let the migration's statements pass: " + words,
                    "Let its function pass the role that runs the migration, or disable it for"
                        + " that time: ALTER EVENT TRIGGER ... DISABLE."));
  }
}
