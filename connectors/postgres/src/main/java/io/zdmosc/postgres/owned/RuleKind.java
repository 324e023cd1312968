package io.zdmosc.postgres.owned;

import static io.zdmosc.postgres.sql.Sql.name;

import java.sql.SQLException;
import java.util.List;

/** Rewrite rules. What the migration writes is not rewritten by them: they come in the swap. */
final class RuleKind extends MovingKind {
  private static final String QUERY =
      """
      SELECT r.rulename, r.oid::bigint, array_remove(ARRAY[
               rtrim(pg_get_ruledef(r.oid), ';'),
               CASE r.ev_enabled
                 WHEN 'D' THEN format('ALTER TABLE %s DISABLE RULE %I', t.name, r.rulename)
                 WHEN 'R' THEN format('ALTER TABLE %s ENABLE REPLICA RULE %I', t.name, r.rulename)
                 WHEN 'A' THEN format('ALTER TABLE %s ENABLE ALWAYS RULE %I', t.name, r.rulename)
               END,
               'COMMENT ON RULE ' || quote_ident(r.rulename) || ' ON ' || t.name || ' IS '
                 || quote_literal(obj_description(r.oid, 'pg_rewrite'))], NULL)
        FROM pg_rewrite r
        JOIN (SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace) AS t
          ON t.oid = r.ev_class
       WHERE r.ev_class = ?::oid
       ORDER BY r.rulename\
      """;

  @Override
  String word() {
    return "rule";
  }

  @Override
  String catalog() {
    return "pg_rewrite";
  }

  @Override
  List<Definition> read(OwnedContext context, OwningTable table, long oid) throws SQLException {
    return Definitions.read(context.session(), QUERY, oid);
  }

  @Override
  String drop(Definition rule, TableName table) {
    return "DROP RULE " + name(rule.name()) + " ON " + table.sql();
  }
}
