package io.zdmosc.harness.fuzz.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a seed stands for.
 *
 * @param seed makes all of it
 * @param major the version of PostgreSQL that it is for
 * @param table the table
 * @param pieces what the table gets besides, where the server takes it
 * @param clause the change
 * @param unforeseen columns of the changed table that are not compared, in quotes
 */
record Story(
    long seed,
    int major,
    RandomTable table,
    List<String> pieces,
    Clause clause,
    Set<String> unforeseen) {
  private static final List<String> AROUND =
      List.of(
          "CREATE SCHEMA moved",
          "CREATE TABLE notes (words text)",
          """
          CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN
            INSERT INTO public.notes VALUES (format('%s %s %s %s', TG_OP, TG_WHEN, TG_RELID::regclass,
                                                    TG_NAME));
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
          END $$""");

  static Story of(long seed, int major) {
    Dice dice = new Dice(seed);
    RandomTable table = new RandomTable(dice, major);
    RandomPieces pieces = new RandomPieces(table);
    List<String> statements = pieces.statements();
    RandomClause clause = new RandomClause(table, pieces.constraints());
    return new Story(seed, major, table, statements, clause.clause(), clause.unforeseen());
  }

  /** What comes before the pieces. */
  List<String> beginning() {
    List<String> all = new ArrayList<>(ColumnKinds.SETUP);
    all.addAll(AROUND);
    all.addAll(table.statements());
    return all;
  }

  @Override
  public String toString() {
    return "seed " + seed + " on PostgreSQL " + major;
  }
}
