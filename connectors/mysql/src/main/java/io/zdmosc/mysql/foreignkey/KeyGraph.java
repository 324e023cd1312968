package io.zdmosc.mysql.foreignkey;

import io.zdmosc.mysql.sql.QualifiedName;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which tables refer to which on a MariaDB server, as InnoDB knows it: also where the user sees
 * none of them, and without a look at every table, which the information schema would take. Keys of
 * a table to itself are left out. Immutable.
 *
 * @param children of each table, in the order of names
 */
public record KeyGraph(Map<QualifiedName, Set<QualifiedName>> children) {

  /** There, names are written as those of files; what begins so belongs to an ALTER TABLE. */
  private static final String KEYS =
      """
      SELECT CONVERT(CONVERT(CAST(SUBSTRING_INDEX(FOR_NAME, '/', 1) AS BINARY) USING filename)
                     USING utf8mb4),
             CONVERT(CONVERT(CAST(SUBSTRING_INDEX(FOR_NAME, '/', -1) AS BINARY) USING filename)
                     USING utf8mb4),
             CONVERT(CONVERT(CAST(SUBSTRING_INDEX(REF_NAME, '/', 1) AS BINARY) USING filename)
                     USING utf8mb4),
             CONVERT(CONVERT(CAST(SUBSTRING_INDEX(REF_NAME, '/', -1) AS BINARY) USING filename)
                     USING utf8mb4)
        FROM information_schema.INNODB_SYS_FOREIGN WHERE LOCATE('/#sql', FOR_NAME) = 0\
      """;

  private static final Comparator<QualifiedName> BY_NAME =
      Comparator.comparing(QualifiedName::schema).thenComparing(QualifiedName::name);

  private record Reference(QualifiedName table, QualifiedName target) {}

  public static KeyGraph read(Session session) throws SQLException {
    Map<QualifiedName, Set<QualifiedName>> children = new HashMap<>();
    session
        .read(
            KEYS,
            row ->
                new Reference(
                    new QualifiedName(row.getString(1), row.getString(2)),
                    new QualifiedName(row.getString(3), row.getString(4))))
        .stream()
        .filter(key -> !key.table().equals(key.target()))
        .forEach(
            key ->
                children
                    .computeIfAbsent(key.target(), target -> new TreeSet<>(BY_NAME))
                    .add(key.table()));
    return new KeyGraph(children);
  }

  /** The other tables that refer to it. */
  public Set<QualifiedName> childrenOf(QualifiedName table) {
    return children.getOrDefault(table, Set.of());
  }

  /**
   * All tables that have to be without writers while a table is exchanged, what is referred to
   * first: those that it refers to, itself, those that refer to it, and those that refer to these.
   * The last ones because a write to them locks what they refer to in the storage engine alone,
   * where the lock on that table does not show it; and a RENAME that is refused there may leave the
   * server without the table.
   *
   * @param keys of the table
   */
  public Set<QualifiedName> family(QualifiedName table, TableKeys keys) {
    Set<QualifiedName> family = new LinkedHashSet<>(keys.parents());
    family.add(table);
    family.addAll(keys.children());
    keys.children().forEach(child -> family.addAll(childrenOf(child)));
    return family;
  }

  /** Those of the tables that lead to another one of them, from child to child, and back. */
  public Set<QualifiedName> circle(Set<QualifiedName> tables) {
    Map<QualifiedName, Set<QualifiedName>> below = new HashMap<>();
    tables.forEach(table -> below.put(table, below(table)));
    Set<QualifiedName> circle = new TreeSet<>(BY_NAME);
    for (QualifiedName one : tables) {
      for (QualifiedName other : tables) {
        if (!one.equals(other)
            && below.get(one).contains(other)
            && below.get(other).contains(one)) {
          circle.add(one);
        }
      }
    }
    return circle;
  }

  private Set<QualifiedName> below(QualifiedName table) {
    Set<QualifiedName> found = new LinkedHashSet<>();
    Deque<QualifiedName> open = new ArrayDeque<>(childrenOf(table));
    while (!open.isEmpty()) {
      QualifiedName next = open.pop();
      if (found.add(next)) {
        open.addAll(childrenOf(next));
      }
    }
    return found;
  }
}
