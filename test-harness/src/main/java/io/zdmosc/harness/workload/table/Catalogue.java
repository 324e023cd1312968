package io.zdmosc.harness.workload.table;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A database's test cases.
 *
 * <p>{@link #byChange()} has every change once, each on a table that it suits, and {@link #byKey()}
 * every kind of key once, each with a change that suits it; {@link #all()} has both. Any other pair
 * comes from {@link #pair}. Immutable.
 */
public final class Catalogue {
  private final SqlDialect dialect;
  private final TableLayout layout;
  private final Naming hostile;
  private final List<KeyKind> keys;
  private final List<Alteration> changes;

  /**
   * Creates a catalogue.
   *
   * @param hostile names that need quotes, for some of the tables
   * @param keys all kinds of keys; special tables have the first
   */
  public Catalogue(
      SqlDialect dialect,
      TableLayout layout,
      Naming hostile,
      List<KeyKind> keys,
      List<Alteration> changes) {
    this.dialect = requireNonNull(dialect, "dialect is null");
    this.layout = requireNonNull(layout, "layout is null");
    this.hostile = requireNonNull(hostile, "hostile is null");
    this.keys = List.copyOf(keys);
    this.changes = List.copyOf(changes);
  }

  public List<KeyKind> keys() {
    return keys;
  }

  public List<Alteration> changes() {
    return changes;
  }

  /** Returns the cases of {@link #byChange} and {@link #byKey}; names differ. */
  public List<TableCase> all() {
    Map<String, TableCase> cases = new LinkedHashMap<>();
    byChange().forEach(each -> cases.put(each.name(), each));
    byKey().forEach(each -> cases.putIfAbsent(each.name(), each));
    return List.copyOf(cases.values());
  }

  /** Returns one case per change. */
  public List<TableCase> byChange() {
    return changes.stream().map(change -> pair(firstSuited(change), change)).toList();
  }

  /** Returns one case per kind of key; the changes take turns. */
  public List<TableCase> byKey() {
    List<TableCase> cases = new ArrayList<>();
    int turn = 0;
    for (KeyKind key : keys) {
      TableSpec table = table(key, turn);
      Alteration change = changes.get(turn % changes.size());
      while (!change.suits().test(table)) {
        turn++;
        change = changes.get(turn % changes.size());
      }
      cases.add(pair(table, change));
      turn++;
    }
    return cases;
  }

  /** Returns the case of this name; throws IllegalArgumentException if there is none. */
  public TableCase named(String name) {
    return all().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no case " + name));
  }

  /** Returns the change of this name; throws IllegalArgumentException if there is none. */
  public Alteration change(String name) {
    return changes.stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no change " + name));
  }

  /** Returns a case of any table and a change that suits it. */
  public TableCase pair(TableSpec table, Alteration change) {
    String name = table.key().name() + "/" + change.name();
    return new TableCase(name, table, change.on(table, dialect), dialect);
  }

  /** Begins a table with a key of this kind. */
  public TableBuilder table(KeyKind key) {
    return new TableBuilder(key, layout);
  }

  private TableSpec firstSuited(Alteration change) {
    KeyKind first = keys.get(0);
    Stream<TableSpec> plain = keys.stream().map(key -> table(key).build());
    Stream<TableSpec> special =
        Stream.of(table(first).generated().build(), table(first).uniqueNotNull().build());
    Stream<TableSpec> others = keys.stream().map(key -> table(key).uniqueNotNull().build());
    return Stream.of(plain, special, others)
        .flatMap(each -> each)
        .filter(change.suits())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no table suits " + change.name()));
  }

  /** The tables of successive kinds of keys differ in their other traits as well. */
  private TableSpec table(KeyKind key, int turn) {
    TableBuilder table = table(key);
    if (turn % 2 == 1) {
      table.named(hostile);
    }
    if (turn % 3 == 1 && dialect.hasDeferrableConstraints()) {
      table.uniqueDeferrable();
    }
    if (turn % 4 == 2) {
      table.generated();
    }
    if (turn % 5 == 3) {
      table.keyLast();
    }
    return table.build();
  }
}
