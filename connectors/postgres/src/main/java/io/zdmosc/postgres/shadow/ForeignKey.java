package io.zdmosc.postgres.shadow;

import io.zdmosc.postgres.catalog.ConstraintInfo;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A foreign key that the new table gets at the cut-over. Before, it would make the application's
 * deletes from the referenced table meet the shadow's rows.
 *
 * @param definition from {@code FOREIGN KEY} on, with qualified names, without {@code NOT VALID}
 * @param trial the same, as it can be tried on the empty template: where the table refers to
 *     itself, the template does
 * @param validate true when it is to be validated after the cut-over
 * @param referencedTable its oid; the source table's own where it refers to itself
 * @param comment null for none
 * @param fresh true when the clause adds it
 * @param columns its columns by their final names; known where it is fresh
 * @param referencedColumns likewise; empty also where it is left to the primary key
 */
public record ForeignKey(
    String name,
    String definition,
    String trial,
    boolean validate,
    long referencedTable,
    String comment,
    boolean fresh,
    List<String> columns,
    List<String> referencedColumns) {
  private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"");
  private static final Pattern PERIOD = Pattern.compile("(?i)\\bPERIOD\\b");
  private static final Pattern MATCH_FULL = Pattern.compile("(?i)\\bMATCH\\s+FULL\\b");

  public ForeignKey {
    columns = List.copyOf(columns);
    referencedColumns = List.copyOf(referencedColumns);
  }

  /** One of the old table's, for when that serves again. */
  static ForeignKey carriedBack(ConstraintInfo key) {
    String definition = key.definition().replaceAll(" NOT VALID$", "");
    return new ForeignKey(
        key.name(),
        definition,
        definition,
        key.validated(),
        key.referencedTable(),
        key.comment(),
        false,
        List.of(),
        List.of());
  }

  /** Whether its last column is compared by containment. */
  boolean period() {
    return has(PERIOD);
  }

  /** Whether its columns may only be NULL together. */
  boolean matchFull() {
    return has(MATCH_FULL);
  }

  private boolean has(Pattern words) {
    return words.matcher(QUOTED.matcher(definition).replaceAll("q")).find();
  }
}
