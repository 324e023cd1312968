/**
 * Judges the statements that stand in the log as text: whether one changes the source table's shape
 * or empties it, or may have changed rows that the log then does not name.
 */
package io.zdmosc.mysql.stream.statement;
