package io.zdmosc.harness.workload.postgres;

import io.zdmosc.harness.workload.table.Alteration;
import io.zdmosc.harness.workload.table.KeyKind;
import io.zdmosc.harness.workload.table.Naming;
import io.zdmosc.harness.workload.table.PayloadIds;
import io.zdmosc.harness.workload.table.TableCase;
import io.zdmosc.harness.workload.table.TableSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * PostgreSQL's test cases.
 *
 * <p>{@link #byChange()} has every change once, each on a table that it suits, and {@link #byKey()}
 * every kind of key once, each with a change that suits it; {@link #all()} has both. Any other pair
 * comes from {@link #pair}.
 */
public final class PostgresCatalogue {
  public static final List<Alteration> CHANGES =
      Stream.of(PostgresTypeChanges.ALL, PostgresColumnChanges.ALL, PostgresOtherChanges.ALL)
          .flatMap(List::stream)
          .toList();

  /** Names with quotes, blanks, keywords, letters beyond ASCII, and of 63 bytes. */
  public static final Naming HOSTILE =
      new Naming(
          "or\"der tablé; --",
          Map.of(
              PayloadIds.CNT,
              "c\"nt",
              PayloadIds.NOTE,
              "select",
              PayloadIds.BIG,
              "b".repeat(63),
              PayloadIds.DOC,
              "Größe ünd 時間",
              PayloadIds.AMOUNT,
              "a'm, \"\")",
              PayloadIds.U,
              "order by",
              PayloadIds.AT,
              "$1 ?",
              "id",
              "ID",
              "code",
              " c ode "));

  private PostgresCatalogue() {}

  /** Returns the cases of {@link #byChange} and {@link #byKey}; names differ. */
  public static List<TableCase> all() {
    Map<String, TableCase> cases = new LinkedHashMap<>();
    byChange().forEach(each -> cases.put(each.name(), each));
    byKey().forEach(each -> cases.putIfAbsent(each.name(), each));
    return List.copyOf(cases.values());
  }

  /** Returns one case per change. */
  public static List<TableCase> byChange() {
    return CHANGES.stream().map(change -> pair(firstSuited(change), change)).toList();
  }

  /** Returns one case per kind of key; the changes take turns. */
  public static List<TableCase> byKey() {
    List<TableCase> cases = new ArrayList<>();
    int turn = 0;
    for (KeyKind key : PostgresKeys.ALL) {
      TableSpec table = table(key, turn);
      Alteration change = CHANGES.get(turn % CHANGES.size());
      while (!change.suits().test(table)) {
        turn++;
        change = CHANGES.get(turn % CHANGES.size());
      }
      cases.add(pair(table, change));
      turn++;
    }
    return cases;
  }

  /** Returns the case of this name; throws IllegalArgumentException if there is none. */
  public static TableCase named(String name) {
    return all().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no case " + name));
  }

  /** Returns the change of this name; throws IllegalArgumentException if there is none. */
  public static Alteration change(String name) {
    return CHANGES.stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no change " + name));
  }

  /** Returns a case of any table and a change that suits it. */
  public static TableCase pair(TableSpec table, Alteration change) {
    PostgresDialect dialect = PostgresDialect.INSTANCE;
    String name = table.key().name() + "/" + change.name();
    return new TableCase(name, table, change.on(table, dialect), dialect);
  }

  private static TableSpec firstSuited(Alteration change) {
    return PostgresKeys.ALL.stream()
        .map(key -> PostgresTables.with(key).build())
        .filter(change.suits())
        .findFirst()
        .orElseGet(() -> special(change));
  }

  private static TableSpec special(Alteration change) {
    TableSpec generated = PostgresTables.with(PostgresIntegerKeys.BIGSERIAL).generated().build();
    return change.suits().test(generated)
        ? generated
        : PostgresTables.with(PostgresIntegerKeys.BIGSERIAL).uniqueNotNull().build();
  }

  /** The tables of successive kinds of keys differ in their other traits as well. */
  private static TableSpec table(KeyKind key, int turn) {
    PostgresTables table = PostgresTables.with(key);
    if (turn % 2 == 1) {
      table.named(HOSTILE);
    }
    if (turn % 3 == 1) {
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
