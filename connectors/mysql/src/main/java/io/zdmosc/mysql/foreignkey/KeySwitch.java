package io.zdmosc.mysql.foreignkey;

import io.zdmosc.mysql.control.Sentry;
import io.zdmosc.mysql.sql.QualifiedName;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.Sql;
import io.zdmosc.mysql.stream.statement.StatementJudge;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The statements of an exchange of keys. Each is one ALTER TABLE, carried out whole or not at all,
 * and changes definitions only: the session must have {@code foreign_key_checks = 0}.
 *
 * <p>INVARIANT: what stands in for a key refuses and does nothing else, whatever the key itself
 * does. So no row is deleted or changed by way of a table that does not serve.
 */
final class KeySwitch {
  private static final String KEYS =
      """
      SELECT CONSTRAINT_SCHEMA, TABLE_NAME, CONSTRAINT_NAME
        FROM information_schema.REFERENTIAL_CONSTRAINTS
       WHERE CONSTRAINT_SCHEMA = %s AND TABLE_NAME = %s\
      """;

  private final KeyExchange exchange;

  KeySwitch(KeyExchange exchange) {
    this.exchange = exchange;
  }

  /** Before the names are exchanged. */
  List<String> first() {
    List<String> statements = new ArrayList<>();
    if (!exchange.own().isEmpty()) {
      List<String> actions = new ArrayList<>();
      for (KeyExchange.Own own : exchange.own()) {
        renameIndex(own.index(), own.temporaryIndex(), actions);
        QualifiedName target = own.key().isToItself() ? exchange.shadow() : own.key().target();
        actions.add(
            "ADD "
                + own.key()
                    .between(exchange.shadow(), target)
                    .named(own.temporary())
                    .refusing()
                    .definition());
      }
      statements.add(alter(exchange.shadow(), actions));
    }
    for (QualifiedName child : exchange.children()) {
      statements.add(alter(child, standIns(child)));
    }
    return statements;
  }

  /** One to each of the two tables: a row of the other table must suit both. */
  private List<String> standIns(QualifiedName child) {
    List<String> actions = new ArrayList<>();
    for (KeyExchange.Incoming key : of(child)) {
      renameIndex(key.index(), key.temporaryIndex(), actions);
      actions.add("DROP FOREIGN KEY " + Sql.name(key.before().name()));
      actions.add("ADD " + key.before().named(key.toSource()).refusing().definition());
      actions.add(
          "ADD "
              + key.after()
                  .between(child, exchange.shadow())
                  .named(key.toShadow())
                  .refusing()
                  .definition());
    }
    return actions;
  }

  private List<KeyExchange.Incoming> of(QualifiedName child) {
    return exchange.incoming().stream().filter(key -> key.before().table().equals(child)).toList();
  }

  private record Present(QualifiedName table, String key) {}

  /**
   * What is left to do, asked of the server: to the end where the names have been exchanged, back
   * to the beginning where they have not. Empty when the keys are as they should be.
   */
  List<String> rest(Session session) throws SQLException {
    boolean exchanged = isRetired(session, exchange.retired());
    Set<Present> present = present(session);
    List<String> statements = new ArrayList<>();
    if (exchanged) {
      List<String> drops =
          present.stream()
              .filter(key -> key.table().equals(exchange.retired()))
              .map(key -> "DROP FOREIGN KEY " + Sql.name(key.key()))
              .toList();
      add(exchange.retired(), drops, statements);
    }
    for (QualifiedName child : exchange.children()) {
      List<String> actions = new ArrayList<>();
      of(child).forEach(key -> incoming(key, exchanged, present, actions));
      add(child, actions, statements);
    }
    QualifiedName table = exchanged ? exchange.serving() : exchange.shadow();
    List<String> actions = new ArrayList<>();
    exchange.own().forEach(key -> own(key, table, exchanged, present, actions));
    add(table, actions, statements);
    return statements;
  }

  private static void incoming(
      KeyExchange.Incoming key, boolean exchanged, Set<Present> present, List<String> actions) {
    QualifiedName child = key.before().table();
    ForeignKey wanted = exchanged ? key.after() : key.before();
    boolean standsIn = false;
    for (String temporary : List.of(key.toSource(), key.toShadow())) {
      if (has(present, child, temporary)) {
        actions.add("DROP FOREIGN KEY " + Sql.name(temporary));
        standsIn = true;
      }
    }
    if (standsIn) {
      renameIndex(key.temporaryIndex(), key.index(), actions);
      if (!has(present, child, wanted.name())) {
        actions.add("ADD " + wanted.definition());
      }
    }
  }

  private static void own(
      KeyExchange.Own key,
      QualifiedName table,
      boolean exchanged,
      Set<Present> present,
      List<String> actions) {
    if (!has(present, table, key.temporary())) {
      return;
    }
    actions.add("DROP FOREIGN KEY " + Sql.name(key.temporary()));
    renameIndex(key.temporaryIndex(), key.index(), actions);
    if (exchanged && !has(present, table, key.key().name())) {
      actions.add("ADD " + key.key().definition());
    }
  }

  private static boolean has(Set<Present> present, QualifiedName table, String key) {
    return present.contains(new Present(table, key.toLowerCase(Locale.ROOT)));
  }

  private static void renameIndex(String from, String to, List<String> actions) {
    if (!from.isEmpty()) {
      actions.add("RENAME INDEX " + Sql.name(from) + " TO " + Sql.name(to));
    }
  }

  private static void add(QualifiedName table, List<String> actions, List<String> statements) {
    if (!actions.isEmpty()) {
      statements.add(alter(table, actions));
    }
  }

  /** Marked as ours: the change streams of both directions read it in the log. */
  private static String alter(QualifiedName table, List<String> actions) {
    return "ALTER TABLE "
        + StatementJudge.OWN_MARK
        + " "
        + table.sql()
        + " "
        + String.join(", ", actions)
        + ", ALGORITHM = INPLACE";
  }

  /** True when the source has got that name: before, the sentry may have it. */
  private static boolean isRetired(Session session, QualifiedName table) throws SQLException {
    return session.test(
            "SELECT COUNT(*) FROM information_schema.TABLES"
                + " WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?",
            table.schema(),
            table.name())
        && !Sentry.exists(session, table.schema(), table.name());
  }

  /** Names of keys are the same in any case. */
  private Set<Present> present(Session session) throws SQLException {
    Set<QualifiedName> tables = new LinkedHashSet<>(exchange.children());
    tables.add(exchange.shadow());
    tables.add(exchange.retired());
    tables.add(exchange.serving());
    String query = // one for each: the server looks through all tables otherwise
        tables.stream()
            .map(table -> KEYS.formatted(Sql.literal(table.schema()), Sql.literal(table.name())))
            .collect(Collectors.joining(" UNION ALL "));
    return Set.copyOf(
        session.read(
            query,
            row ->
                new Present(
                    new QualifiedName(row.getString(1), row.getString(2)),
                    row.getString(3).toLowerCase(Locale.ROOT))));
  }
}
