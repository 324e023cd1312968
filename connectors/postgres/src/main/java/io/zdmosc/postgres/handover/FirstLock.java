package io.zdmosc.postgres.handover;

/**
 * Something through which the application gets to the table, and which it locks before the table.
 * So the cut-over does too: else each would have what the other waits for.
 *
 * @param relation its qualified name, as SQL has it
 * @param statement takes ACCESS EXCLUSIVE on it alone, and changes nothing
 */
public record FirstLock(String relation, String statement) {}
