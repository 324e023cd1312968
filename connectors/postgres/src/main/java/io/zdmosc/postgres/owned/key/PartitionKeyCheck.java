package io.zdmosc.postgres.owned.key;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.catalog.ForeignKeyInfo;
import io.zdmosc.postgres.owned.OwnedContext;
import io.zdmosc.postgres.shadow.ForeignKey;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.Sql;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What stands against carrying over a foreign key of a single partition, or to one. */
final class PartitionKeyCheck {
  private final OwnedContext context;
  private final Session session;
  private final ChangedTables changed;

  PartitionKeyCheck(OwnedContext context, ChangedTables changed) {
    this.context = context;
    this.session = context.session();
    this.changed = changed;
  }

  List<Problem> problems(KeyTree tree) throws SQLException {
    List<Problem> problems = new ArrayList<>();
    ForeignKeyInfo key = tree.key();
    for (ForeignKeyInfo each : tree.fromAbove()) {
      new KeyPrivileges(context, each).problem().ifPresent(problems::add);
    }
    lock(key).ifPresent(problems::add);
    IncomingKeys.unknown(context, key).ifPresent(problems::add);
    namesake(tree).ifPresent(problems::add);
    if (problems.isEmpty()) {
      problems.addAll(unfit(key));
    }
    return problems;
  }

  private List<Problem> unfit(ForeignKeyInfo key) throws SQLException {
    Optional<ForeignKeyInfo> served = changed.served(key);
    if (served.isEmpty()) {
      return changed.served(key.from()).isEmpty()
          ? List.of()
          : List.of(
              problem(key, "refers to a column that the change drops", "Drop the key first."));
    }
    for (ForeignKey fresh : context.spec().foreignKeys()) {
      if (fresh.fresh() && isLike(served.get(), fresh)) {
        return List.of(
            problem(
                key,
                "is like the key " + fresh.name() + " that the change gives to the whole table",
                "Drop it first: the key of the whole table will say the same."));
      }
    }
    return refusal(served.get())
        .map(
            words ->
                problem(
                    key,
                    "cannot be made on the new table: " + words,
                    "Mend the clause, or drop the key and add it again afterwards."))
        .map(List::of)
        .orElse(List.of());
  }

  /** The parts of the whole table's keys come first, by the names of these. */
  private Optional<Problem> namesake(KeyTree tree) {
    List<String> taken = context.spec().foreignKeys().stream().map(ForeignKey::name).toList();
    return tree.fromAbove().stream()
        .filter(key -> changed.contains(key.from().table()) && taken.contains(key.name()))
        .map(
            key ->
                problem(
                    key,
                    "has the name of a foreign key of the whole table",
                    "ALTER TABLE "
                        + key.from().sql()
                        + " RENAME CONSTRAINT "
                        + name(key.name())
                        + " TO ..."))
        .findFirst();
  }

  /** The server would make one of the two. */
  private boolean isLike(ForeignKeyInfo key, ForeignKey fresh) {
    boolean fromHere = changed.contains(key.from().table());
    return fromHere
        && key.to().table() == fresh.referencedTable()
        && key.from().names().equals(fresh.columns().stream().map(Sql::name).toList());
  }

  /** Tries it on the empty copies, if the lock of another table is to be had at once. */
  private Optional<String> refusal(ForeignKeyInfo served) throws SQLException {
    ForeignKeyInfo.Side to = changed.tried(served.to());
    if (!changed.contains(served.from().table())) {
      return new KeyTrial(context, served, to).refusal();
    }
    ForeignKeyInfo.Side from = changed.tried(served.from());
    Savepoint before = session.connection().setSavepoint();
    try {
      session.execute("SET LOCAL lock_timeout = '100ms'");
      session.execute(
          "ALTER TABLE "
              + from.sql()
              + " ADD CONSTRAINT "
              + name(served.name())
              + " "
              + served.definition(from, to));
      return Optional.empty();
    } catch (SQLException e) {
      return Failures.isLockTimeout(e) ? Optional.empty() : Optional.of(e.getMessage());
    } finally {
      session.connection().rollback(before);
    }
  }

  /** The cut-over locks what a partition's key refers to. */
  private Optional<Problem> lock(ForeignKeyInfo key) throws SQLException {
    long referenced = key.to().table();
    if (changed.contains(referenced)
        || session.test(
            "SELECT has_table_privilege(?::oid, 'UPDATE, DELETE, TRUNCATE')", referenced)) {
      return Optional.empty();
    }
    String role = session.text("SELECT current_user").orElseThrow();
    return Optional.of(
        new Problem(
            "role " + role,
            "may not lock table "
                + key.to().sql()
                + ", to which "
                + IncomingKeys.words(key)
                + " refers",
            "GRANT UPDATE ON " + key.to().sql() + " TO " + name(role) + "."));
  }

  private static Problem problem(ForeignKeyInfo key, String what, String remedy) {
    return new Problem(IncomingKeys.words(key), what, remedy);
  }
}
