package io.zdmosc.mysql.plan.checks;

import io.zdmosc.engine.error.Problem;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What belongs to the table and cannot be carried over yet, by name. */
public final class OwnedObjectsCheck implements Check {
  private record Kind(String words, String query, String remedy) {}

  private static final String DROP = "Drop it, and make it again after the migration.";

  private static final List<Kind> KINDS =
      List.of(
          new Kind(
              "has foreign key",
              """
              SELECT CONSTRAINT_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS
               WHERE CONSTRAINT_SCHEMA = ? AND TABLE_NAME = ? ORDER BY 1\
              """,
              DROP),
          new Kind(
              "is referred to by foreign key",
              """
              SELECT CONCAT(CONSTRAINT_NAME, ' of ', CONSTRAINT_SCHEMA, '.', TABLE_NAME)
                FROM information_schema.REFERENTIAL_CONSTRAINTS
               WHERE UNIQUE_CONSTRAINT_SCHEMA = ? AND REFERENCED_TABLE_NAME = ? ORDER BY 1\
              """,
              DROP));

  @Override
  public List<Problem> run(CheckContext context) throws SQLException {
    List<Problem> problems = new ArrayList<>();
    for (Kind kind : KINDS) {
      for (String found :
          context
              .session()
              .query(
                  kind.query(),
                  row -> row.getString(1),
                  context.table().schema(),
                  context.table().name())) {
        problems.add(
            new Problem(
                context.table().sqlName(),
                kind.words() + " " + found + ", which cannot be carried over yet",
                kind.remedy()));
      }
    }
    return problems;
  }
}
