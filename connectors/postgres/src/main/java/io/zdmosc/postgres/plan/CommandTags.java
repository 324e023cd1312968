package io.zdmosc.postgres.plan;

import io.zdmosc.postgres.handover.FirstLock;
import io.zdmosc.postgres.handover.FollowUp;
import io.zdmosc.postgres.handover.Handover;
import io.zdmosc.postgres.handover.NewViews;
import io.zdmosc.postgres.handover.Transfer;
import io.zdmosc.postgres.shadow.IndexPart;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What event triggers call the commands of a migration. */
final class CommandTags {
  private static final Pattern COMMAND =
      Pattern.compile(
          "(CREATE|ALTER|DROP) (?:OR REPLACE |CONSTRAINT (?=TRIGGER)|UNIQUE )*"
              + "(MATERIALIZED VIEW|[A-Z]+)\\b.*",
          Pattern.DOTALL);

  /** Has been tried on the template where there is one to be set. */
  private static final String LABEL = "SECURITY LABEL";

  /** Fires event triggers since PostgreSQL 17. */
  private static final String REINDEX = "REINDEX";

  /** Those that every migration uses. */
  private static final List<String> ALWAYS =
      List.of(
          "CREATE SCHEMA",
          "DROP SCHEMA",
          "CREATE TABLE",
          "ALTER TABLE",
          "DROP TABLE",
          "CREATE INDEX",
          "ALTER INDEX",
          "DROP INDEX",
          "ALTER SEQUENCE",
          "CREATE PUBLICATION",
          "DROP PUBLICATION",
          "COMMENT",
          "GRANT",
          "REVOKE",
          "CREATE VIEW",
          "DROP VIEW");

  /**
   * A statement that needs what the ones before it have made.
   *
   * @param tag of it
   * @param sql with {@code $s} for a schema and for a publication of its name
   */
  private record Sample(String tag, String sql) {}

  private static final List<Sample> SAMPLES =
      List.of(
          new Sample(
              REINDEX, "CREATE INDEX zdm_index ON $s.zdm_sample (a); REINDEX INDEX $s.zdm_index"),
          new Sample("ALTER PUBLICATION", "ALTER PUBLICATION $s ADD TABLE $s.zdm_sample"),
          new Sample(
              "CREATE TRIGGER",
              "CREATE TRIGGER zdm_sample BEFORE UPDATE ON $s.zdm_sample FOR EACH ROW EXECUTE"
                  + " FUNCTION pg_catalog.suppress_redundant_updates_trigger()"),
          new Sample("DROP TRIGGER", "DROP TRIGGER zdm_sample ON $s.zdm_sample"),
          new Sample("CREATE POLICY", "CREATE POLICY zdm_sample ON $s.zdm_sample"),
          new Sample("ALTER POLICY", "ALTER POLICY zdm_sample ON $s.zdm_sample USING (true)"),
          new Sample("DROP POLICY", "DROP POLICY zdm_sample ON $s.zdm_sample"),
          new Sample(
              "CREATE RULE",
              "CREATE RULE zdm_sample AS ON DELETE TO $s.zdm_sample DO INSTEAD NOTHING"),
          new Sample("DROP RULE", "DROP RULE zdm_sample ON $s.zdm_sample"),
          new Sample(
              "CREATE STATISTICS",
              "CREATE STATISTICS $s.zdm_statistics ON a, b FROM $s.zdm_sample"),
          new Sample("ALTER STATISTICS", "ALTER STATISTICS $s.zdm_statistics SET STATISTICS 10"),
          new Sample("CREATE VIEW", "CREATE VIEW $s.zdm_view AS SELECT 1 AS a"),
          new Sample("ALTER VIEW", "ALTER VIEW $s.zdm_view OWNER TO CURRENT_USER"),
          new Sample("DROP VIEW", "DROP VIEW $s.zdm_view"),
          new Sample(
              "CREATE MATERIALIZED VIEW",
              "CREATE MATERIALIZED VIEW $s.zdm_rows AS SELECT 1 AS a WITH NO DATA"),
          new Sample(
              "ALTER MATERIALIZED VIEW",
              "ALTER MATERIALIZED VIEW $s.zdm_rows OWNER TO CURRENT_USER;"
                  + " COMMENT ON MATERIALIZED VIEW $s.zdm_rows IS NULL"),
          new Sample("REFRESH MATERIALIZED VIEW", "REFRESH MATERIALIZED VIEW $s.zdm_rows"),
          new Sample("DROP MATERIALIZED VIEW", "DROP MATERIALIZED VIEW $s.zdm_rows"),
          new Sample(
              "CREATE FUNCTION",
              "CREATE FUNCTION $s.zdm_function() RETURNS int LANGUAGE sql AS 'SELECT 1'"),
          new Sample("DROP FUNCTION", "DROP FUNCTION $s.zdm_function()"),
          new Sample(
              "CREATE PROCEDURE", "CREATE PROCEDURE $s.zdm_procedure() LANGUAGE sql AS 'SELECT 1'"),
          new Sample("DROP PROCEDURE", "DROP PROCEDURE $s.zdm_procedure()"));

  private CommandTags() {}

  /**
   * The tags of all that a migration runs, rollback included.
   *
   * @param parts of its indexes that get settings of their own
   */
  static Set<String> of(Handover handover, List<IndexPart> parts) {
    Set<String> tags = new LinkedHashSet<>(ALWAYS);
    if (parts.stream().anyMatch(IndexPart::mustBeBuiltAnew)) {
      tags.add(REINDEX);
    }
    statements(handover).forEach(statement -> add(statement, tags));
    if (!handover.newViews().isEmpty()) {
      tags.addAll(List.of("REFRESH MATERIALIZED VIEW", "DROP MATERIALIZED VIEW"));
    }
    return tags;
  }

  private static Stream<String> statements(Handover handover) {
    return Stream.of(
            handover.onShadow().stream(),
            handover.ahead().stream().map(FollowUp::statement),
            handover.newViews().stream().map(NewViews::make).flatMap(List::stream),
            statements(handover.forth()),
            statements(handover.back()))
        .flatMap(each -> each);
  }

  private static Stream<String> statements(Transfer transfer) {
    return Stream.of(
            transfer.first().stream().map(FirstLock::statement),
            transfer.release().stream(),
            transfer.attach().stream())
        .flatMap(each -> each);
  }

  private static void add(String statement, Set<String> tags) {
    Matcher command = COMMAND.matcher(statement);
    if (statement.startsWith(LABEL)) {
      tags.add(LABEL);
    } else if (command.matches()) {
      tags.add(command.group(1) + " " + command.group(2));
    }
  }

  /**
   * A statement for each of the tags that has a sample, in an order in which they can be run, and
   * those that these need.
   */
  static List<String> samples(Set<String> tags, String schema) {
    List<String> statements = new ArrayList<>();
    statements.add("CREATE TABLE " + schema + ".zdm_sample (a int, b int)");
    for (Sample sample : SAMPLES) {
      if (tags.contains(sample.tag()) || isNeeded(sample, tags)) {
        statements.add(sample.sql().replace("$s", schema));
      }
    }
    return statements;
  }

  /** What is dropped or altered must have been made. */
  private static boolean isNeeded(Sample sample, Set<String> tags) {
    String[] words = sample.tag().split(" ", 2);
    return words[0].equals("CREATE")
        && (tags.contains("DROP " + words[1]) || tags.contains("ALTER " + words[1]));
  }
}
