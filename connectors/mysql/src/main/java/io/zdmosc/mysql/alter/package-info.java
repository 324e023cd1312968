/**
 * What the user writes behind {@code ALTER TABLE t}, and what the server writes as {@code CREATE
 * TABLE}, cut into pieces.
 *
 * <p>The server is the parser: the clause is run as it stands on an empty table, and the
 * information schema tells what came out. Reading the text is left with what the server cannot do
 * for us: which column continues which, since a rename leaves no trace there; the table's new name,
 * which waits for the cut-over; and actions that mean something on the source only.
 */
package io.zdmosc.mysql.alter;
