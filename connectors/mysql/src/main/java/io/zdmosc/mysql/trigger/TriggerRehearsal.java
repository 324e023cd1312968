package io.zdmosc.mysql.trigger;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.mysql.alter.TableDdl.ItemKind;
import io.zdmosc.mysql.catalog.ColumnInfo;
import io.zdmosc.mysql.catalog.TriggerInfo;
import io.zdmosc.mysql.control.ControlSchema;
import io.zdmosc.mysql.shadow.ShadowSpec;
import io.zdmosc.mysql.shadow.SourceTable;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Has the server make each trigger on an empty table like the new one, in the control schema, and
 * says which of them cannot be carried over. The table is gone when this returns.
 */
public final class TriggerRehearsal {
  private static final int NO_PRIVILEGE = 1227;
  private static final int NOT_TRUSTED = 1419;
  private static final long LONG_NUMBER = 999_999_999_999L;

  private final Session session;
  private final SourceTable source;
  private final ShadowSpec spec;
  private final String name;

  public TriggerRehearsal(Session session, SourceTable source, ShadowSpec spec) {
    this.session = session;
    this.source = source;
    this.spec = spec;
    this.name = "zdm_triggers_" + session.id();
  }

  /** What stands in the way; empty when all triggers can be carried over. */
  public List<Problem> run() throws SQLException {
    List<Problem> problems = new ArrayList<>();
    if (source.triggers().isEmpty()) {
      return problems;
    }
    String table = ControlSchema.sqlName(name);
    session.execute("DROP TABLE IF EXISTS " + table);
    session.execute(
        spec.ddl()
            .without(item -> item.kind() == ItemKind.CHECK || item.kind() == ItemKind.FOREIGN_KEY)
            .create(table));
    try {
      Set<String> names = new HashSet<>();
      for (TriggerInfo trigger : source.triggers()) {
        if (names.add(trigger.name())) {
          problems.addAll(look(trigger, table));
        } else {
          problems.add(
              problem(trigger, "is for several events", "Make one trigger for each event."));
        }
      }
    } finally {
      session.execute("DROP TABLE IF EXISTS " + table);
    }
    return problems;
  }

  private static Problem problem(TriggerInfo trigger, String what, String remedy) {
    return new Problem("trigger " + Sql.name(trigger.name()), what, remedy);
  }

  private List<Problem> look(TriggerInfo trigger, String table) throws SQLException {
    TriggerText text;
    try {
      text = TriggerText.of(trigger);
    } catch (IllegalArgumentException e) {
      return List.of(
          problem(
              trigger,
              "cannot be carried over, because its definition is not understood",
              "Drop it, and make it again after the migration; please report it."));
    }
    List<Problem> problems = new ArrayList<>();
    lostColumns(trigger, text, problems);
    text(trigger, text, problems);
    if (problems.isEmpty()) {
      attempt(trigger, text, table, problems);
    }
    return problems;
  }

  /** Another column may have that name by now, so the server would not notice. */
  private void lostColumns(TriggerInfo trigger, TriggerText text, List<Problem> problems) {
    List<String> lost =
        source.columns().stream()
            .filter(
                old ->
                    spec.continuing(old.name())
                        .filter(now -> now.column().name().equalsIgnoreCase(old.name()))
                        .filter(now -> now.column().isGenerated() == old.isGenerated())
                        .isEmpty())
            .map(ColumnInfo::name)
            .toList();
    text.firstNamed(lost)
        .ifPresent(
            column ->
                problems.add(
                    problem(
                        trigger,
                        "uses column "
                            + Sql.name(column)
                            + ", which the change drops, renames or has"
                            + " generated",
                        "Drop the trigger, and make it anew after the migration; or change it so"
                            + " that it does without the column.")));
  }

  private void text(TriggerInfo trigger, TriggerText text, List<Problem> problems)
      throws SQLException {
    String schema = source.table().schema();
    if (!text.isPortable(schema, Sql.ours(LONG_NUMBER, source.table().name(), "new"))) {
      problems.add(
          problem(
              trigger,
              "has text in character set " + trigger.charset(),
              "Make it again from a session with SET NAMES utf8mb4."));
    }
    String collation =
        session
            .text(
                "SELECT DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA"
                    + " WHERE SCHEMA_NAME = ?",
                schema)
            .orElse("");
    if (!collation.equals(trigger.databaseCollation())) {
      problems.add(
          problem(
              trigger,
              "was made when the database had the collation "
                  + trigger.databaseCollation()
                  + ", and cannot be made so again, since the database has "
                  + collation,
              "Drop it and make it again, if it may have the new one."));
    }
  }

  private void attempt(TriggerInfo trigger, TriggerText text, String table, List<Problem> problems)
      throws SQLException {
    SessionText ours = SessionText.of(session);
    try {
      session.execute(text.session());
      session.execute(text.create(tried(), table, ""));
      session.execute("DROP TRIGGER " + tried());
    } catch (SQLException e) {
      problems.add(
          switch (e.getErrorCode()) {
            case NO_PRIVILEGE -> definer(trigger, e);
            case NOT_TRUSTED ->
                problem(
                    trigger,
                    "may not be made: " + e.getMessage(),
                    "SET GLOBAL log_bin_trust_function_creators = 1 for the time of the"
                        + " migration, or GRANT SUPER ON *.* to the user.");
            default ->
                problem(
                    trigger,
                    "cannot be made on the changed table: " + e.getMessage(),
                    "Change it so that it fits both tables, or drop it and make it again after the"
                        + " migration.");
          });
    } finally {
      ours.restore(session);
    }
  }

  private String tried() {
    return ControlSchema.sqlName(name);
  }

  private Problem definer(TriggerInfo trigger, SQLException e) throws SQLException {
    String privilege =
        session.server().mariaDb()
            ? "SET USER"
            : session.server().isMySqlSince(80_200) ? "SET_ANY_DEFINER" : "SET_USER_ID";
    if (e.getMessage().contains("ALLOW_NONEXISTENT_DEFINER")) {
      privilege = "ALLOW_NONEXISTENT_DEFINER";
    }
    String user = session.text("SELECT CURRENT_USER()").orElseThrow();
    int at = user.lastIndexOf('@');
    return problem(
        trigger,
        "has another definer, whom the user may not name: " + e.getMessage(),
        "GRANT "
            + privilege
            + " ON *.* TO "
            + Sql.literal(user.substring(0, at))
            + "@"
            + Sql.literal(user.substring(at + 1))
            + ";");
  }
}
