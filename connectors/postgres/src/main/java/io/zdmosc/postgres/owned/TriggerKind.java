package io.zdmosc.postgres.owned;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.Problem;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Triggers. They are made on the new table in the swap, so that nothing which the copy or the flush
 * writes fires them, and taken off the old one in the same moment: the retired table has none, and
 * what follows it back fires none.
 *
 * <p>A partition gets its table's from the server. What has been set on it alone is set again.
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

  /** Before version 15 a partition's copies count as the server's own. */
  private static final int OWN_COPIES_SINCE = 150000;

  /** What a partition has otherwise than its table, about triggers that it has from there. */
  private static final String COPIES =
      """
      WITH RECURSIVE up AS (
             SELECT g.oid AS copy, g.tgparentid AS above FROM pg_trigger g
              WHERE g.tgrelid = ?::oid AND g.tgparentid <> 0
             UNION ALL
             SELECT up.copy, p.tgparentid FROM up JOIN pg_trigger p ON p.oid = up.above
              WHERE p.tgparentid <> 0)
      SELECT array_remove(ARRAY[
               CASE WHEN g.tgenabled <> p.tgenabled
                    THEN format('ALTER TABLE %s %s TRIGGER %I', t.name,
                                CASE g.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN
                                     'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS'
                                     ELSE 'ENABLE' END, top.tgname) END,
               'COMMENT ON TRIGGER ' || quote_ident(top.tgname) || ' ON ' || t.name || ' IS '
                 || quote_literal(obj_description(g.oid, 'pg_trigger'))]
             || ARRAY(SELECT format('ALTER TRIGGER %I ON %s DEPENDS ON EXTENSION %I', top.tgname,
                                    t.name, e.extname)
                        FROM pg_depend x JOIN pg_extension e ON e.oid = x.refobjid
                       WHERE x.classid = 'pg_trigger'::regclass AND x.objid = g.oid
                         AND x.refclassid = 'pg_extension'::regclass AND x.deptype = 'x'
                       ORDER BY e.extname), NULL)
        FROM up JOIN pg_trigger top ON top.oid = up.above AND top.tgparentid = 0
         AND NOT top.tgisinternal
        JOIN pg_trigger g ON g.oid = up.copy
        JOIN pg_trigger p ON p.oid = g.tgparentid
       CROSS JOIN (SELECT ?::text AS name) AS t
       ORDER BY top.tgname\
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
  List<Definition> read(OwnedContext context, OwningTable table, long oid) throws SQLException {
    return Definitions.read(context.session(), QUERY, oid);
  }

  @Override
  String drop(Definition trigger, TableName table) {
    return "DROP TRIGGER " + name(trigger.name()) + " ON " + table.sql();
  }

  @Override
  List<String> ownSettings(OwnedContext context, OwningTable table, TableName as)
      throws SQLException {
    return context
        .session()
        .query(COPIES, row -> List.of((String[]) row.getArray(1).getArray()), table.oid(), as.sql())
        .stream()
        .flatMap(List::stream)
        .toList();
  }

  /** There only a superuser may switch a copy, as ALTER TABLE would say. */
  @Override
  List<Problem> otherProblems(OwnedContext context) throws SQLException {
    List<Problem> problems = new ArrayList<>();
    if (context.version() >= OWN_COPIES_SINCE
        || context.session().test("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")) {
      return problems;
    }
    for (OwningTable table : context.tables()) {
      if (ownSettings(context, table, table.source()).stream()
          .anyMatch(sql -> sql.startsWith("ALTER TABLE"))) {
        problems.add(
            new Problem(
                "table " + table.source().sql(),
                "has a trigger from its partitioned table enabled or disabled for itself, which in"
                    + " this version of the server only a superuser can do",
                "Enable or disable it as on the whole table first, or run as a superuser."));
      }
    }
    return problems;
  }
}
