package io.zdmosc.postgres.owned.key;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.catalog.ForeignKeyInfo;
import io.zdmosc.postgres.owned.OwnedContext;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.Optional;

/** Whether the role may drop a foreign key and add it again. */
final class KeyPrivileges {
  private final Session session;
  private final String table;
  private final ForeignKeyInfo key;

  KeyPrivileges(OwnedContext context, ForeignKeyInfo key) {
    this.session = context.session();
    boolean ours = key.to().table() == context.source().table().oid();
    this.table = ours ? context.source().table().sqlName() : key.to().sql();
    this.key = key;
  }

  /** What it lacks first. */
  Optional<Problem> problem() throws SQLException {
    String role = session.text("SELECT current_user").orElseThrow();
    String why = ", whose foreign key " + key.name() + " refers to " + table;
    if (!session.test(
        "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = ?::oid",
        key.from().table())) {
      return Optional.of(
          new Problem(
              "role " + role,
              "does not own table " + key.from().sql() + why,
              "GRANT " + name(key.owner()) + " TO " + name(role) + "."));
    }
    Optional<String> schema =
        session.text(
            "SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE c.oid = ?::oid AND NOT has_schema_privilege(n.oid, 'USAGE')",
            key.from().table());
    if (schema.isPresent()) {
      return Optional.of(
          new Problem(
              "role " + role,
              "may not use schema " + schema.get() + " of table " + key.from().sql() + why,
              "GRANT USAGE ON SCHEMA " + name(schema.get()) + " TO " + name(role) + "."));
    }
    if (!session.test(
        "SELECT bool_and(has_column_privilege(confrelid, k, 'REFERENCES'))"
            + " FROM pg_constraint, unnest(confkey) AS k WHERE oid = ?::oid",
        key.oid())) {
      return Optional.of(
          new Problem(
              "role " + role,
              "may not refer to table " + table + " by " + "foreign key " + key.name(),
              "GRANT REFERENCES ON " + table + " TO " + name(role) + "."));
    }
    return Optional.empty();
  }
}
