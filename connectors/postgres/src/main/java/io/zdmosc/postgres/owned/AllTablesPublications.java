package io.zdmosc.postgres.owned;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The publications of all tables, and whether the user allows them. */
public final class AllTablesPublications {
  private static final String OPTION = "--allow-all-tables-publication ";

  private final Session session;
  private final List<String> given;

  /**
   * @param given names that the user allows, as SQL reads them
   */
  public AllTablesPublications(Session session, List<String> given) {
    this.session = session;
    this.given = List.copyOf(given);
  }

  /** By the name that the catalog has, and by the one that SQL has. */
  private record Publication(String name, String quoted) {}

  /**
   * What must be said, or be said otherwise.
   *
   * @param table that is to be changed
   */
  public List<Problem> problems(String table) throws SQLException {
    List<Publication> all =
        session.query(
            "SELECT pubname, quote_ident(pubname) FROM pg_publication WHERE puballtables"
                + " ORDER BY pubname",
            row -> new Publication(row.getString(1), row.getString(2)));
    List<Problem> problems = new ArrayList<>();
    List<String> allowed = new ArrayList<>();
    for (String each : given) {
      Optional<String> name =
          identifier(each).filter(it -> all.stream().anyMatch(one -> one.name().equals(it)));
      name.ifPresent(allowed::add);
      if (name.isEmpty()) {
        problems.add(
            new Problem(
                OPTION + each,
                "names no publication of all tables",
                "Leave it out, or name the publication as SQL does."));
      }
    }
    for (Publication each : all) {
      if (!allowed.contains(each.name())) {
        problems.add(refused(table, each));
      }
    }
    return problems;
  }

  private static Problem refused(String table, Publication publication) {
    return new Problem(
        table,
        "has publication of all tables " + publication.name(),
        "It would publish the copy's own rows, of a table that subscribers do not have, and no table"
            + " can be left out of it. If all who read it are told what to read, as Debezium is by"
            + " table.include.list, allow it: "
            + OPTION
            + "'"
            + publication.quoted()
            + "'. Else publish the tables or their schemas by name instead, or drop it if nobody"
            + " reads it.");
  }

  /** A name as SQL reads it; empty where it is none. */
  private Optional<String> identifier(String text) throws SQLException {
    boolean within = !session.connection().getAutoCommit();
    Savepoint before = within ? session.connection().setSavepoint() : null;
    try {
      return session.text(
          "SELECT p[1] FROM parse_ident(?::text) AS p WHERE cardinality(p) = 1", text);
    } catch (SQLException e) {
      if (!Failures.isBadValue(e)) {
        throw e;
      }
      if (within) {
        session.rollbackTo(before);
      }
      return Optional.empty();
    }
  }
}
