package io.zdmosc.harness.workload.table;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * A kind of key: its columns, how uniqueness is declared, and how to make values.
 *
 * @param name a short name for test titles
 * @param setup statements to run before the table is created (types, collations, extensions)
 * @param requirement a query that returns a row on servers that support this kind; empty if all do
 * @param columns the key's columns, in the order of the key
 * @param primaryKey whether the key is a primary key; else a unique index over NOT NULL columns
 * @param texts makes the keys
 * @param variants how many equal spellings {@code texts} knows
 * @param capacity how many slots {@code texts} can tell apart
 * @param updatable whether UPDATE may set the key (not so for GENERATED ALWAYS)
 * @param serverGenerated whether an INSERT without the key gets one from a sequence
 */
public record KeyKind(
    String name,
    List<String> setup,
    Optional<String> requirement,
    List<KeyColumn> columns,
    boolean primaryKey,
    KeyTexts texts,
    int variants,
    long capacity,
    boolean updatable,
    boolean serverGenerated) {
  public KeyKind {
    requireNonNull(name, "name is null");
    setup = List.copyOf(setup);
    requireNonNull(requirement, "requirement is null");
    columns = List.copyOf(columns);
    requireNonNull(texts, "texts is null");
  }

  /** Begins a primary key that statements may write and update, with no other spellings. */
  public static KeyKindBuilder named(String name, KeyTexts texts, KeyColumn... columns) {
    return new KeyKindBuilder(name, texts, List.of(columns));
  }

  /**
   * Returns the key of a slot. A negative slot is a value that the server's sequence gave, and has
   * one spelling.
   */
  public List<String> key(long slot, int variant) {
    return slot < 0 ? List.of(Long.toString(-slot)) : texts.of(slot, variant % variants);
  }
}
