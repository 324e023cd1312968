package io.zdmosc.mysql.catalog;

/**
 * A trigger as the server has it.
 *
 * @param name its name, unique in the table's database
 * @param timing {@code BEFORE} or {@code AFTER}
 * @param event {@code INSERT}, {@code UPDATE} or {@code DELETE}
 * @param definition the CREATE TRIGGER statement, as SHOW CREATE TRIGGER gives it
 * @param sqlMode under which the definition is read and runs
 * @param charset the character set of the client that made it
 * @param collation the collation of that client's connection
 * @param databaseCollation the database's when it was made
 */
public record TriggerInfo(
    String name,
    String timing,
    String event,
    String definition,
    String sqlMode,
    String charset,
    String collation,
    String databaseCollation) {

  /** True when both run at the same moment, so that there is an order between them. */
  public boolean runsWith(TriggerInfo other) {
    return timing.equals(other.timing) && event.equals(other.event);
  }
}
