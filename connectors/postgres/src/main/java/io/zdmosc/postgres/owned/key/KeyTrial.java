package io.zdmosc.postgres.owned.key;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.postgres.catalog.ForeignKeyInfo;
import io.zdmosc.postgres.owned.OwnedContext;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Optional;

/**
 * Tries a foreign key on the changed template, from an empty table with columns like those of the
 * one that refers: so that table is not locked.
 */
final class KeyTrial {
  private static final String COLUMNS =
      """
      SELECT string_agg(format('%I %s%s', a.attname, format_type(a.atttypid, a.atttypmod),
               CASE WHEN a.attcollation = 0 THEN '' ELSE
                 (SELECT format(' COLLATE %I.%I', n.nspname, o.collname) FROM pg_collation o
                    JOIN pg_namespace n ON n.oid = o.collnamespace WHERE o.oid = a.attcollation)
               END), ', ')
        FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid
         AND a.attnum = ANY (c.conkey)
       WHERE c.oid = ?::oid\
      """;

  private final OwnedContext context;
  private final ForeignKeyInfo key;
  private final ForeignKeyInfo.Side referenced;

  /**
   * @param referenced the template, with the names that its columns have there
   */
  KeyTrial(OwnedContext context, ForeignKeyInfo key, ForeignKeyInfo.Side referenced) {
    this.context = context;
    this.key = key;
    this.referenced = referenced;
  }

  /** The server's words; empty when it would take the key. */
  Optional<String> refusal() throws SQLException {
    Session session = context.session();
    String referring = name(context.spec().table().schema(), "zdm_referring_" + key.oid());
    String columns = session.text(COLUMNS, key.oid()).orElseThrow();
    Savepoint before = session.connection().setSavepoint();
    try {
      session.execute("CREATE TABLE " + referring + " (" + columns + ")");
      session.execute(
          "ALTER TABLE "
              + referring
              + " ADD CONSTRAINT "
              + name(key.name())
              + " "
              + key.definition(key.from(), referenced));
      return Optional.empty();
    } catch (SQLException e) {
      return Optional.of(e.getMessage());
    } finally {
      session.connection().rollback(before);
    }
  }
}
