package io.zdmosc.postgres.handover;

/**
 * Something through which the application gets to the table, and which it locks before the table.
 * So the cut-over does too: else each would have what the other waits for.
 *
 * @param relation its qualified name, as SQL has it
 * @param statement takes ACCESS EXCLUSIVE on it alone, and changes nothing
 * @param weakly takes SHARE UPDATE EXCLUSIVE on it alone, and changes nothing: so an autovacuum of
 *     it is made to give way, as one of the table is, and none begins; empty where none ever does
 */
public record FirstLock(String relation, String statement, String weakly) {

  /** Of something that has no rows of its own. */
  public FirstLock(String relation, String statement) {
    this(relation, statement, "");
  }
}
