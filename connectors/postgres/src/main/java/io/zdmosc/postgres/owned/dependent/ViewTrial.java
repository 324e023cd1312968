package io.zdmosc.postgres.owned.dependent;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** Has the server take views and statements about them, and notes what it does not take. */
final class ViewTrial {
  static final String UNCLEAR =
      "names what it reads in a way that cannot be told apart from other names";

  private final Session session;
  private final ViewCatalog catalog;
  private final String schema;
  private final List<Problem> problems;

  /**
   * @param schema that nobody else uses; what is made stands in schemas whose names begin with it
   * @param problems gets what is not taken
   */
  ViewTrial(Session session, ViewCatalog catalog, String schema, List<Problem> problems) {
    this.session = session;
    this.catalog = catalog;
    this.schema = schema;
    this.problems = problems;
  }

  /**
   * Makes a view of the same name in a schema of its own.
   *
   * @param statement makes it for a query
   * @param references what it must come to refer to
   */
  Optional<ViewInfo> make(
      ViewInfo view,
      BiFunction<ViewInfo, String, String> statement,
      String suffix,
      String definition,
      Set<Long> references)
      throws SQLException {
    RelationName made = new RelationName(schema + suffix, view.name().name());
    Savepoint before = session.connection().setSavepoint();
    try {
      session.execute("CREATE SCHEMA " + name(made.schema()));
      session.execute(statement.apply(view.named(made), definition));
    } catch (SQLException e) {
      failOnLock(e);
      session.connection().rollback(before);
      refuse(view, "does not fit the changed table: " + e.getMessage());
      return Optional.empty();
    }
    ViewInfo read = catalog.read(List.of(oid(made))).get(0);
    if (!Set.copyOf(read.references()).equals(references)) {
      refuse(view, UNCLEAR);
      return Optional.empty();
    }
    return Optional.of(read);
  }

  /** Runs a statement about a view that is made anew. */
  void attempt(ViewInfo view, String statement) throws SQLException {
    Savepoint before = session.connection().setSavepoint();
    try {
      session.execute(statement);
    } catch (SQLException e) {
      failOnLock(e);
      session.connection().rollback(before);
      refuse(view, "cannot be made anew, as it must: " + e.getMessage());
    }
  }

  /** That something is locked says nothing about whether it fits. */
  private static void failOnLock(SQLException e) throws SQLException {
    if (Failures.isLockTimeout(e)) {
      throw e;
    }
  }

  private long oid(RelationName relation) throws SQLException {
    return Long.parseLong(
        session.text("SELECT ?::regclass::oid::text", relation.sql()).orElseThrow());
  }

  /** Notes why a view stands in the way. */
  void refuse(ViewInfo view, String why) {
    refuse(
        view,
        why,
        "Change or drop it first, and make it again afterwards; or let the swap drop it:"
            + " --drop-dependents '"
            + view.sql()
            + "'.");
  }

  void refuse(ViewInfo view, String why, String remedy) {
    problems.add(new Problem(view.words(), why, remedy));
  }
}
