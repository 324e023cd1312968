package io.zdmosc.postgres.alter;

import io.zdmosc.engine.error.RefusedException;
import java.util.List;
import java.util.Optional;

/** The actions that make no sense on a shadow table, by their first words. */
final class Refusals {
  private static final String ON_THE_TABLE =
      "Run it on the table with ALTER TABLE, before or after this change: it rewrites nothing.";
  private static final String KEPT = "The new table keeps what the old one has. " + ON_THE_TABLE;

  private static final List<Refusal> ALL =
      List.of(
          new Refusal("a partition cannot be attached to a copy", ON_THE_TABLE, "attach partition"),
          new Refusal("a copy has no partitions to detach", ON_THE_TABLE, "detach partition"),
          new Refusal("a copy has no partitions to split", ON_THE_TABLE, "split partition"),
          new Refusal("a copy has no partitions to merge", ON_THE_TABLE, "merge partitions"),
          new Refusal(
              "the place in an inheritance tree cannot be changed on a copy",
              ON_THE_TABLE,
              "inherit",
              "no inherit"),
          new Refusal(
              "a table is bound to a type as a whole, not on a copy", ON_THE_TABLE, "of", "not of"),
          new Refusal(
              "a trigger is switched on the table that serves",
              KEPT,
              "enable trigger",
              "enable always trigger",
              "enable replica trigger",
              "disable trigger"),
          new Refusal(
              "a rule is switched on the table that serves",
              KEPT,
              "enable rule",
              "enable always rule",
              "enable replica rule",
              "disable rule"),
          new Refusal(
              "row level security is switched on the table that serves",
              KEPT,
              "enable row level security",
              "disable row level security",
              "force row level security",
              "no force row level security"),
          new Refusal(
              "the mark that CLUSTER goes by is not part of the table's shape",
              ON_THE_TABLE,
              "cluster on",
              "set without cluster"),
          new Refusal(
              "tables have no OIDs since PostgreSQL 12",
              "Leave it out.",
              "set without oids",
              "set with oids"),
          new Refusal(
              "options belong to foreign tables, which are not changed by copying",
              ON_THE_TABLE,
              "options"),
          new Refusal(
              "it changes many tables; this changes one",
              "Write SET TABLESPACE and run it for each table.",
              "all in tablespace"));

  private Refusals() {}

  /** Why the action is refused, or nothing if its first words are on no list. */
  static Optional<RefusedException> of(ActionText action) {
    return ALL.stream()
        .filter(refusal -> refusal.matches(action))
        .map(refusal -> action.refused(refusal.reason(), refusal.remedy()))
        .findFirst();
  }

  private record Refusal(String reason, String remedy, List<String> beginnings) {
    Refusal(String reason, String remedy, String... beginnings) {
      this(reason, remedy, List.of(beginnings));
    }

    boolean matches(ActionText action) {
      return beginnings.stream().anyMatch(words -> action.at(words.split(" ")));
    }
  }
}
