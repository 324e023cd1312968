package io.zdmosc.harness.workload.table;

import java.util.List;
import java.util.Optional;

/** Builds a {@link KeyKind}. Not thread-safe. */
public final class KeyKindBuilder {
  private final String name;
  private final KeyTexts texts;
  private final List<KeyColumn> columns;
  private List<String> setup = List.of();
  private Optional<String> requirement = Optional.empty();
  private boolean primaryKey = true;
  private int variants = 1;
  private long capacity = Long.MAX_VALUE;
  private boolean updatable = true;
  private boolean serverGenerated;

  KeyKindBuilder(String name, KeyTexts texts, List<KeyColumn> columns) {
    this.name = name;
    this.texts = texts;
    this.columns = columns;
  }

  /** Statements to run before the table is created. */
  public KeyKindBuilder setup(String... statements) {
    setup = List.of(statements);
    return this;
  }

  /** Only for servers on which the query returns a row. */
  public KeyKindBuilder requiring(String query) {
    requirement = Optional.of(query);
    return this;
  }

  /** Unique by an index instead of a primary key. */
  public KeyKindBuilder withoutPrimaryKey() {
    primaryKey = false;
    return this;
  }

  /** The texts know this many equal spellings. */
  public KeyKindBuilder variants(int number) {
    variants = number;
    return this;
  }

  /** There are no more slots than this. */
  public KeyKindBuilder capacity(long slots) {
    capacity = slots;
    return this;
  }

  /** The server can give values from a sequence. */
  public KeyKindBuilder serverGenerated() {
    serverGenerated = true;
    return this;
  }

  /** UPDATE may not set the key. */
  public KeyKindBuilder notUpdatable() {
    updatable = false;
    return this;
  }

  public KeyKind build() {
    return new KeyKind(
        name,
        setup,
        requirement,
        columns,
        primaryKey,
        texts,
        variants,
        capacity,
        updatable,
        serverGenerated);
  }
}
