package io.zdmosc.postgres.owned;

import static io.zdmosc.postgres.sql.Sql.name;

import java.sql.SQLException;
import java.util.List;

/**
 * Triggers. They are made on the new table in the swap, so that nothing which the copy or the flush
 * writes fires them, and taken off the old one in the same moment: the retired table has none, and
 * what follows it back fires none.
 */
final class TriggerKind extends MovingKind {
  private static final String QUERY =
      """
      SELECT g.tgname, g.oid::bigint, array_remove(ARRAY[
               pg_get_triggerdef(g.oid),
               CASE g.tgenabled
                 WHEN 'D' THEN format('ALTER TABLE %s DISABLE TRIGGER %I', t.name, g.tgname)
                 WHEN 'R' THEN format('ALTER TABLE %s ENABLE REPLICA TRIGGER %I', t.name, g.tgname)
                 WHEN 'A' THEN format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', t.name, g.tgname)
               END,
               'COMMENT ON TRIGGER ' || quote_ident(g.tgname) || ' ON ' || t.name || ' IS '
                 || quote_literal(obj_description(g.oid, 'pg_trigger'))]
             || ARRAY(SELECT format('ALTER TRIGGER %I ON %s DEPENDS ON EXTENSION %I', g.tgname,
                                    t.name, e.extname)
                        FROM pg_depend x JOIN pg_extension e ON e.oid = x.refobjid
                       WHERE x.classid = 'pg_trigger'::regclass AND x.objid = g.oid
                         AND x.refclassid = 'pg_extension'::regclass AND x.deptype = 'x'
                       ORDER BY e.extname), NULL)
        FROM pg_trigger g
        JOIN (SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace) AS t
          ON t.oid = g.tgrelid
       WHERE g.tgrelid = ?::oid AND NOT g.tgisinternal AND g.tgparentid = 0
       ORDER BY g.tgname\
      """;

  @Override
  String word() {
    return "trigger";
  }

  @Override
  String catalog() {
    return "pg_trigger";
  }

  @Override
  List<Definition> read(OwnedContext context, long table) throws SQLException {
    return Definitions.read(context.session(), QUERY, table);
  }

  @Override
  String drop(Definition trigger, TableName table) {
    return "DROP TRIGGER " + name(trigger.name()) + " ON " + table.sql();
  }
}
