package io.zdmosc.mysql.plan.checks;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.mysql.catalog.Catalog;
import io.zdmosc.mysql.foreignkey.ForeignKey;
import io.zdmosc.mysql.foreignkey.KeyGraph;
import io.zdmosc.mysql.foreignkey.TableKeys;
import io.zdmosc.mysql.sql.QualifiedName;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Foreign keys of the table and to it that cannot be carried over, by name. */
public final class ForeignKeyCheck implements Check {
  @Override
  public List<Problem> run(CheckContext context) throws SQLException {
    Session session = context.session();
    QualifiedName table = new QualifiedName(context.table().schema(), context.table().name());
    TableKeys keys = TableKeys.read(session, table);
    Set<QualifiedName> locked = new LinkedHashSet<>(keys.children());
    List<Problem> problems = new ArrayList<>();
    unseen(context, keys, problems);
    unlogged(context, keys, problems);
    if (session.server().mariaDb() && !keys.isEmpty()) {
      KeyGraph graph = KeyGraph.read(session);
      locked.addAll(graph.family(table, keys));
      circle(context, graph.circle(locked), problems);
      quoted(context, keys, problems);
    }
    problems.addAll(PrivilegeCheck.forKeys(session, table, keys, locked));
    return problems;
  }

  /** There the session that locks a table waits for those that refer to it, too. */
  private static void circle(
      CheckContext context, Set<QualifiedName> circle, List<Problem> problems) {
    if (!circle.isEmpty()) {
      problems.add(
          dropFirst(
              context,
              "is joined by foreign keys with tables that lead in a circle: "
                  + circle.stream().map(QualifiedName::sql).collect(Collectors.joining(", "))
                  + ", which MariaDB cannot lock one by one"));
    }
  }

  /** It does not double the quote in SHOW CREATE TABLE, so the definition cannot be read. */
  private static void quoted(CheckContext context, TableKeys keys, List<Problem> problems) {
    keys.own().stream()
        .map(ForeignKey::name)
        .filter(name -> name.contains("`"))
        .forEach(
            name ->
                problems.add(
                    dropFirst(
                        context,
                        "has foreign key "
                            + name
                            + ", whose name has a quote that MariaDB does not show as one")));
  }

  private static Problem dropFirst(CheckContext context, String what) {
    return new Problem(
        context.table().sqlName(),
        what,
        "Use ALTER TABLE; or drop the key, and make it again after the migration.");
  }

  /** What the information schema does not show, since the user has no rights on the table. */
  private static void unseen(CheckContext context, TableKeys keys, List<Problem> problems)
      throws SQLException {
    List<String> seen =
        Stream.concat(keys.incoming().stream(), keys.own().stream().filter(ForeignKey::isToItself))
            .map(key -> key.words().replace('/', '.'))
            .toList();
    for (String key :
        new Catalog(context.session())
            .referringKeys(context.table().schema(), context.table().name())) {
      if (!seen.contains(key.replace('/', '.'))) {
        problems.add(
            new Problem(
                context.table().sqlName(),
                "is referred to by foreign key " + key + ", a table that the user cannot see",
                "GRANT SELECT, ALTER, LOCK TABLES on its database to the user."));
      }
    }
  }

  /**
   * A key that changes rows of the table by itself. What InnoDB does by itself is not in the log.
   */
  private static void unlogged(CheckContext context, TableKeys keys, List<Problem> problems)
      throws SQLException {
    String acting =
        keys.own().stream()
            .filter(ForeignKey::acts)
            .map(ForeignKey::name)
            .collect(Collectors.joining(", "));
    boolean logged =
        context
            .session()
            .variable("innodb_native_foreign_keys")
            .filter("OFF"::equalsIgnoreCase)
            .isPresent();
    if (!acting.isEmpty() && !logged) {
      problems.add(
          dropFirst(
              context,
              "has foreign keys that change its rows by CASCADE or SET NULL: "
                  + acting
                  + ". The server does not write such changes into its log, so they could not be"
                  + " followed; MySQL does so from 9.6 on, with innodb_native_foreign_keys = OFF,"
                  + " MariaDB never"));
    }
  }
}
