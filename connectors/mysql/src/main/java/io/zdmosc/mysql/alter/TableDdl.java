package io.zdmosc.mysql.alter;

import io.zdmosc.mysql.alter.SqlToken.Kind;
import io.zdmosc.mysql.sql.Sql;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A {@code CREATE TABLE} statement as the server writes it, in its parts: whatever the server knows
 * of a table is in it, so what is made from it has lost nothing. Immutable.
 *
 * @param options what follows the closing parenthesis, without the next AUTO_INCREMENT value
 */
public record TableDdl(List<Item> items, String options) {
  /** How the server goes on behind the table's name. */
  private static final String GENERATED = "_chk_";

  /** A column that has one of these behind its type has a default, or cannot have one. */
  private static final List<String> SAYS_DEFAULT =
      List.of("DEFAULT", "NOT", "AUTO_INCREMENT", "GENERATED", "AS");

  public TableDdl {
    items = List.copyOf(items);
  }

  /** The kinds of parts. */
  public enum ItemKind {
    COLUMN,
    PRIMARY_KEY,
    UNIQUE,
    INDEX,
    FULLTEXT,
    SPATIAL,
    /** MariaDB 11.7 and newer. */
    VECTOR,
    FOREIGN_KEY,
    CHECK,
    OTHER
  }

  /**
   * One part.
   *
   * @param name the column's, index's or constraint's; empty when it has none
   * @param sql as the server wrote it
   */
  public record Item(ItemKind kind, String name, String sql) {
    /** True for what can be left off the shadow during the copy and added later. */
    public boolean isIndex() {
      return kind == ItemKind.UNIQUE
          || kind == ItemKind.INDEX
          || kind == ItemKind.FULLTEXT
          || kind == ItemKind.SPATIAL
          || kind == ItemKind.VECTOR;
    }

    /** A column without the check constraint that MariaDB writes behind it. */
    public Item withoutCheck() {
      return topLevel(sql).stream()
          .filter(token -> token.isWord("CHECK"))
          .findFirst()
          .map(token -> new Item(kind, name, sql.substring(0, token.start()).stripTrailing()))
          .orElse(this);
    }
  }

  /** Cuts a statement; quotes in it are those of a session without ANSI_QUOTES. */
  public static TableDdl parse(String sql) {
    List<SqlToken> tokens = SqlLexer.tokens(sql, "");
    int open = 0;
    while (!tokens.get(open).is(Kind.OPEN)) {
      open++;
    }
    List<Item> items = new ArrayList<>();
    List<SqlToken> current = new ArrayList<>();
    int depth = 0;
    for (int i = open; i < tokens.size(); i++) {
      SqlToken token = tokens.get(i);
      depth += token.is(Kind.OPEN) ? 1 : token.is(Kind.CLOSE) ? -1 : 0;
      boolean ends = depth == 0 || (depth == 1 && token.is(Kind.COMMA));
      if (ends) {
        items.add(item(sql, current));
        current.clear();
      } else if (i > open) {
        current.add(token);
      }
      if (depth == 0) {
        return new TableDdl(items, withoutAutoIncrement(sql, token.end(), tokens, i + 1));
      }
    }
    throw new IllegalArgumentException("not a CREATE TABLE statement: " + sql);
  }

  private static String withoutAutoIncrement(
      String sql, int from, List<SqlToken> tokens, int first) {
    for (int i = first; i + 2 < tokens.size(); i++) {
      if (tokens.get(i).isWord("AUTO_INCREMENT") && tokens.get(i + 1).text().equals("=")) {
        return sql.substring(from, tokens.get(i).start())
            + sql.substring(tokens.get(i + 2).end()).stripLeading();
      }
    }
    return sql.substring(from);
  }

  private static Item item(String sql, List<SqlToken> tokens) {
    String text = sql.substring(tokens.get(0).start(), tokens.get(tokens.size() - 1).end());
    SqlToken first = tokens.get(0);
    if (first.is(Kind.NAME)) {
      return new Item(ItemKind.COLUMN, first.text(), text);
    }
    String name = "";
    int at = 0;
    if (first.isWord("CONSTRAINT")) {
      name = tokens.get(1).text();
      at = 2;
    }
    ItemKind kind =
        switch (tokens.get(at).text().toUpperCase(Locale.ROOT)) {
          case "PRIMARY" -> ItemKind.PRIMARY_KEY;
          case "UNIQUE" -> ItemKind.UNIQUE;
          case "KEY", "INDEX" -> ItemKind.INDEX;
          case "FULLTEXT" -> ItemKind.FULLTEXT;
          case "SPATIAL" -> ItemKind.SPATIAL;
          case "VECTOR" -> ItemKind.VECTOR;
          case "FOREIGN" -> ItemKind.FOREIGN_KEY;
          case "CHECK" -> ItemKind.CHECK;
          default -> ItemKind.OTHER;
        };
    if (kind == ItemKind.PRIMARY_KEY) {
      name = "PRIMARY";
    } else if (name.isEmpty()) {
      name =
          tokens.stream()
              .skip(at)
              .filter(token -> token.is(Kind.NAME))
              .findFirst()
              .map(SqlToken::text)
              .orElse("");
    }
    return new Item(kind, name, text);
  }

  public List<Item> items(ItemKind kind) {
    return items.stream().filter(item -> item.kind() == kind).toList();
  }

  public Optional<Item> column(String name) {
    return items(ItemKind.COLUMN).stream()
        .filter(item -> item.name().equalsIgnoreCase(name))
        .findFirst();
  }

  /** The same without some of the parts. */
  public TableDdl without(Predicate<Item> unwanted) {
    return new TableDdl(items.stream().filter(unwanted.negate()).toList(), options);
  }

  /** The same with one more part at the end. */
  public TableDdl with(Item item) {
    List<Item> more = new ArrayList<>(items);
    more.add(item);
    return new TableDdl(more, options);
  }

  /**
   * The same with the names that the server made for check constraints from the table's name made
   * from another one. The server renames them with the table.
   */
  public TableDdl withChecksNamedAfter(String table, String other) {
    Set<String> taken = new HashSet<>();
    items.stream()
        .filter(item -> generatedNumber(item, table).isEmpty())
        .forEach(item -> taken.add(item.name()));
    List<Item> renamed = new ArrayList<>();
    for (Item item : items) {
      OptionalLong number = generatedNumber(item, table);
      renamed.add(
          number.isEmpty() ? item : renamed(item, freeName(other, number.getAsLong(), taken)));
    }
    return new TableDdl(renamed, options);
  }

  private static String freeName(String table, long number, Set<String> taken) {
    long free = number;
    while (!taken.add(table + GENERATED + free)) {
      free++;
    }
    return table + GENERATED + free;
  }

  private static Item renamed(Item item, String name) {
    String check = item.sql().substring(item.sql().toUpperCase(Locale.ROOT).indexOf(" CHECK "));
    return new Item(item.kind(), name, "CONSTRAINT " + Sql.name(name) + check);
  }

  /** True when a check constraint has a name that somebody chose for it. */
  public boolean hasNamedChecks(String table) {
    return items(ItemKind.CHECK).stream().anyMatch(item -> generatedNumber(item, table).isEmpty());
  }

  private static OptionalLong generatedNumber(Item item, String table) {
    String prefix = table + GENERATED;
    boolean generated =
        item.kind() == ItemKind.CHECK
            && item.name().startsWith(prefix)
            && item.name().substring(prefix.length()).matches("\\d{1,9}");
    return generated
        ? OptionalLong.of(Long.parseLong(item.name().substring(prefix.length())))
        : OptionalLong.empty();
  }

  /**
   * The statement for a table of this qualified, quoted name. Where a column has the table's
   * collation by default, it is not said: the server would show it as one that was asked for.
   */
  public String create(String sqlName) {
    return "CREATE TABLE "
        + sqlName
        + " (\n  "
        + String.join(",\n  ", items.stream().map(this::withoutDefaultCollation).toList())
        + "\n)"
        + options;
  }

  /**
   * What makes a table of this qualified, quoted name. In CREATE TABLE a column that takes NULL
   * gets DEFAULT NULL; one that has no default all the same, as after DROP DEFAULT, loses it behind
   * that. A TEXT or BLOB does not show whether it has one.
   */
  public List<String> statements(String sqlName) {
    List<String> statements = new ArrayList<>(List.of(create(sqlName)));
    String dropped =
        items(ItemKind.COLUMN).stream()
            .filter(TableDdl::lacksDefault)
            .map(item -> "ALTER COLUMN " + Sql.name(item.name()) + " DROP DEFAULT")
            .collect(Collectors.joining(", "));
    if (!dropped.isEmpty()) {
      statements.add("ALTER TABLE " + sqlName + " " + dropped);
    }
    return statements;
  }

  private static boolean lacksDefault(Item item) {
    List<SqlToken> tokens = topLevel(item.sql());
    return !tokens.get(1).text().toLowerCase(Locale.ROOT).matches(".*(text|blob)")
        && SAYS_DEFAULT.stream()
            .noneMatch(word -> tokens.stream().anyMatch(token -> token.isWord(word)));
  }

  private String withoutDefaultCollation(Item item) {
    List<SqlToken> tokens = item.kind() == ItemKind.COLUMN ? topLevel(item.sql()) : List.of();
    for (int i = 2; i + 1 < tokens.size(); i++) {
      boolean byDefault =
          tokens.get(i).isWord("COLLATE")
              && !(i > 3 && tokens.get(i - 3).isWord("CHARACTER"))
              && isDefault(tokens.get(i + 1).text());
      if (byDefault) {
        return item.sql().substring(0, tokens.get(i - 1).end())
            + item.sql().substring(tokens.get(i + 1).end());
      }
    }
    return item.sql();
  }

  private boolean isDefault(String collation) {
    return Pattern.compile(" COLLATE=" + Pattern.quote(collation) + "(\\s|$)")
        .matcher(options)
        .find();
  }

  /** Those that do not stand in parentheses. */
  private static List<SqlToken> topLevel(String sql) {
    List<SqlToken> tokens = new ArrayList<>();
    int depth = 0;
    for (SqlToken token : SqlLexer.tokens(sql, "")) {
      depth += token.is(Kind.OPEN) ? 1 : token.is(Kind.CLOSE) ? -1 : 0;
      if (depth == 0) {
        tokens.add(token);
      }
    }
    return tokens;
  }
}
