package io.zdmosc.postgres.catalog;

/**
 * A column by the catalog.
 *
 * @param number {@code attnum}
 * @param type with its modifier, as {@code format_type} writes it
 * @param baseType the type below all domains, without a modifier
 * @param typeName the type's own name in {@code pg_type}, of its base type for a domain
 * @param typeSchema where that type lives
 * @param sendFunction the qualified, quoted name of the base type's binary output function, or null
 * @param collation its qualified, quoted name, or null
 * @param deterministicCollation false only for a non-deterministic one
 * @param identity {@code attidentity}, or blank
 * @param generated {@code attgenerated}, or blank
 * @param defaultExpression or the generation expression, or null
 * @param volatileDefault true when the expression calls a volatile function
 * @param statistics the statistics target, or null for the server's default
 * @param options as in {@code SET (...)}, or null
 */
public record ColumnInfo(
    int number,
    String name,
    String type,
    String baseType,
    String typeName,
    String typeSchema,
    String sendFunction,
    String collation,
    boolean deterministicCollation,
    boolean notNull,
    String identity,
    String generated,
    String defaultExpression,
    boolean volatileDefault,
    Integer statistics,
    String options) {

  public boolean isGenerated() {
    return !generated.isBlank();
  }

  /** True for one that is not stored, and that nobody can publish. */
  public boolean isVirtual() {
    return generated.equals("v");
  }

  public boolean isIdentity() {
    return !identity.isBlank();
  }
}
