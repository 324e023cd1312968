package io.zdmosc.postgres.shadow;

/**
 * One column of the row identity on both sides.
 *
 * @param source its name in the source table
 * @param type the source column's type below all domains, in which keys are read from their text
 * @param collation the source column's own collation, quoted, or null for its type's default
 * @param shadow its name in the shadow table
 * @param shadowType its type there
 * @param expression the shadow's value in terms of the source's key columns, with the source
 *     table's name as alias
 * @param descending true where the identity's index runs downwards
 * @param ordered true when the shadow's values are in the same order as the source's
 */
public record KeyColumn(
    String source,
    String type,
    String collation,
    String shadow,
    String shadowType,
    String expression,
    boolean descending,
    boolean ordered) {

  /** True when different values stay different: nothing is rounded or cut off. */
  boolean staysUnique() {
    return ordered
        && (shadowType.equals(type) || !shadowType.contains("(") && !type.startsWith("numeric"));
  }

  /** A COLLATE clause for values that do not come from the column itself, or nothing. */
  public String collate() {
    return collation == null ? "" : " COLLATE " + collation;
  }
}
