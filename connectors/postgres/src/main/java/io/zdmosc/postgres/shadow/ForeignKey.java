package io.zdmosc.postgres.shadow;

/**
 * A foreign key that the new table gets at the cut-over. Before, it would make the application's
 * deletes from the referenced table meet the shadow's rows.
 *
 * @param definition from {@code FOREIGN KEY} on, with qualified names, without {@code NOT VALID}
 * @param validate true when it is to be validated after the cut-over
 * @param referencedTable its oid; the source table's own where it refers to itself
 * @param comment null for none
 * @param fresh true when the clause adds it
 */
public record ForeignKey(
    String name,
    String definition,
    boolean validate,
    long referencedTable,
    String comment,
    boolean fresh) {}
