package io.zdmosc.postgres.stream.debezium;

import static java.util.stream.Collectors.groupingBy;

import io.zdmosc.engine.error.Problem;
import java.time.chrono.IsoEra;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Says whether Debezium delivers the keys of a table unharmed. Whatever is not known to come out as
 * it went in is a problem.
 */
final class KeyRules {
  private static final String REMEDY =
      "Leave out --stream, or choose --stream pgoutput: it does not have this limit.";

  /** Types whose every value survives, by their names in {@code pg_catalog}. */
  private static final Set<String> SAFE =
      Set.of(
          "bool",
          "int2",
          "int4",
          "int8",
          "oid",
          "float4",
          "float8",
          "numeric",
          "text",
          "varchar",
          "bpchar",
          "char",
          "name",
          "uuid",
          "bytea",
          "time",
          "inet",
          "cidr",
          "macaddr",
          "macaddr8",
          "bit",
          "varbit");

  /** Safe where Debezium can read "BC", which it does in the language of the JVM. */
  private static final Set<String> CALENDAR = Set.of("date", "timestamp", "timestamptz");

  /** Debezium fails at some of their values, even in columns that it was told to leave out. */
  private static final Set<String> UNREADABLE = Set.of("timetz", "interval");

  /** Names that Debezium takes for other types. */
  private static final Set<String> ALIASES = Set.of("serial", "smallserial", "bigserial");

  private final TableFacts table;
  private final Locale locale;
  private final List<Problem> problems = new ArrayList<>();

  private KeyRules(TableFacts table, Locale locale) {
    this.table = table;
    this.locale = locale;
  }

  /**
   * All reasons against reading this table with Debezium; empty when there is none.
   *
   * @param locale the one that the JVM formats in
   */
  static List<Problem> problems(TableFacts table, Locale locale) {
    KeyRules rules = new KeyRules(table, locale);
    rules.names();
    rules.database();
    table.columns().stream().filter(TableFacts.Column::key).forEach(rules::keyColumn);
    table.columns().stream().filter(column -> !column.key()).forEach(rules::otherColumn);
    return rules.problems;
  }

  private void names() {
    String name = table.schema() + "." + table.name();
    if (!isPlain(table.schema()) || !isPlain(table.name())) {
      add("table " + name, "Debezium may misread this name");
    }
    Map<String, List<TableFacts.Column>> byName =
        table.columns().stream()
            .collect(
                groupingBy(
                    column -> column.name().toLowerCase(locale),
                    TreeMap::new,
                    Collectors.toList()));
    byName.values().stream()
        .filter(same -> same.size() > 1)
        .forEach(
            same ->
                add(
                    column(same.get(0)),
                    "another column differs from it only by case, which Debezium refuses"));
  }

  private void database() {
    table
        .labellessEnums()
        .forEach(
            type ->
                add(
                    "type " + type,
                    "is an enum without labels or a domain over an enum, at which Debezium fails"));
  }

  private void keyColumn(TableFacts.Column column) {
    if (!isPlain(column.name())) {
      add(column(column), "Debezium may misread this name");
    }
    if (column.ambiguous()
        || !isPlain(column.declaredType())
        || ALIASES.contains(column.declaredType())) {
      add(
          column(column),
          "its type "
              + column.declaredType()
              + " shares its name with another type or table, which Debezium may confuse");
    } else if (!isSafe(column)) {
      add(
          column(column),
          "Debezium does not deliver every key of type " + column.rootType() + " as it is");
    }
  }

  private boolean isSafe(TableFacts.Column column) {
    return switch (column.kind()) {
      case ENUM, CITEXT -> true;
      case BUILT_IN ->
          SAFE.contains(column.rootType()) || (CALENDAR.contains(column.rootType()) && readsEras());
      case OTHER -> false;
    };
  }

  private void otherColumn(TableFacts.Column column) {
    if (column.kind() == TableFacts.Kind.BUILT_IN
        && (UNREADABLE.contains(column.rootType())
            || (CALENDAR.contains(column.rootType()) && !readsEras()))) {
      add(
          column(column),
          "the publication carries it, and Debezium fails at some values of type "
              + column.rootType());
    }
  }

  private boolean readsEras() {
    return IsoEra.BCE.getDisplayName(TextStyle.SHORT, locale).equals("BC");
  }

  /** Letters and digits, and the few signs that mean nothing to Debezium. */
  private static boolean isPlain(String name) {
    return name.codePoints()
        .allMatch(
            c -> Character.isLetterOrDigit(c) || c == '_' || c == '$' || c == ' ' || c == '-');
  }

  private String column(TableFacts.Column column) {
    return "column " + table.schema() + "." + table.name() + "." + column.name();
  }

  private void add(String object, String what) {
    problems.add(new Problem(object, what, REMEDY));
  }
}
