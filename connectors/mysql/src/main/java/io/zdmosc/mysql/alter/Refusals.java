package io.zdmosc.mysql.alter;

import io.zdmosc.engine.error.RefusedException;
import java.util.List;
import java.util.Optional;

/** Actions that a shadow table cannot take, or that mean something on the source only. */
final class Refusals {
  private static final String BY_ITSELF =
      "Run it as an ALTER TABLE by itself: it does not rewrite the table.";

  /** One kind of action: its first words, why it is refused, and what to do. */
  private record Rule(List<String> words, String why, String remedy) {}

  private static final List<Rule> RULES =
      List.of(
          rule(
              "ALTER TABLE",
              "only what follows ALTER TABLE and the table's name is expected",
              "Leave these out, as in: ADD COLUMN note TEXT, DROP COLUMN memo"),
          rule(
              "ALGORITHM",
              "the change is made by a copy, whatever the server could do",
              "Leave ALGORITHM out."),
          rule("LOCK", "readers and writers always go on", "Leave LOCK out."),
          rule("WAIT", "locks are waited for within the cut-over's budget", "Leave it out."),
          rule("NOWAIT", "locks are waited for within the cut-over's budget", "Leave it out."),
          rule("DISCARD", "works on the source's own files", BY_ITSELF),
          rule("IMPORT", "works on the source's own files", BY_ITSELF),
          rule("EXCHANGE PARTITION", "exchanges rows of the source itself", BY_ITSELF),
          rule("CONVERT PARTITION", "moves rows of the source itself", BY_ITSELF),
          rule("CONVERT TABLE", "moves rows of the source itself", BY_ITSELF),
          rule("DROP PARTITION", "would lose the rows of that partition", BY_ITSELF),
          rule("TRUNCATE PARTITION", "would lose the rows of that partition", BY_ITSELF),
          rule("ANALYZE PARTITION", "works on the source itself", BY_ITSELF),
          rule("CHECK PARTITION", "works on the source itself", BY_ITSELF),
          rule("OPTIMIZE PARTITION", "works on the source itself", BY_ITSELF),
          rule("REBUILD PARTITION", "works on the source itself", BY_ITSELF),
          rule("REPAIR PARTITION", "works on the source itself", BY_ITSELF),
          rule("DISABLE KEYS", "has no meaning for InnoDB", "Leave it out."),
          rule("ENABLE KEYS", "has no meaning for InnoDB", "Leave it out."),
          rule("SECONDARY_LOAD", "works on the source itself", BY_ITSELF),
          rule("SECONDARY_UNLOAD", "works on the source itself", BY_ITSELF),
          rule(
              "ADD SYSTEM",
              "the new table would write versions of rows while they are only carried over to it",
              BY_ITSELF),
          rule(
              "DROP SYSTEM",
              "system versioning would lose the history that the source has",
              BY_ITSELF));

  private Refusals() {}

  private static Rule rule(String words, String why, String remedy) {
    return new Rule(List.of(words.split(" ")), why, remedy);
  }

  static Optional<RefusedException> of(ActionText action) {
    return RULES.stream()
        .filter(rule -> action.at(rule.words().toArray(String[]::new)))
        .findFirst()
        .map(rule -> action.refused(rule.why(), rule.remedy()));
  }
}
