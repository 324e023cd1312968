package io.zdmosc.postgres.owned;

import io.zdmosc.postgres.handover.Handover;
import io.zdmosc.postgres.handover.Transfer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Row-level security with its policies.
 *
 * <p>It is switched on for the shadow as soon as that exists, without a policy: until the swap
 * nobody reads or writes it but its owner. The policies are made in the transaction of the swap,
 * when their own mentions of the table mean the new one; no moment shows the new table without
 * them. The retired table keeps its own, since it holds the same data.
 */
final class PolicyKind extends DefinedKind {
  private static final String QUERY =
      """
      SELECT p.polname, p.oid::bigint, array_remove(ARRAY[
               format('CREATE POLICY %I ON %s AS %s FOR %s TO %s', p.polname, t.name,
                      CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
                      CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT'
                                    WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
                      (SELECT string_agg(CASE WHEN u.role = 0 THEN 'PUBLIC'
                                              ELSE quote_ident(pg_get_userbyid(u.role)) END,
                                         ', ' ORDER BY u.place)
                         FROM unnest(p.polroles) WITH ORDINALITY AS u(role, place)))
                 || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
                 || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', ''),
               'COMMENT ON POLICY ' || quote_ident(p.polname) || ' ON ' || t.name || ' IS '
                 || quote_literal(obj_description(p.oid, 'pg_policy'))], NULL)
        FROM pg_policy p
        JOIN (SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace) AS t
          ON t.oid = p.polrelid
       WHERE p.polrelid = ?::oid
       ORDER BY p.polname\
      """;

  @Override
  String word() {
    return "policy";
  }

  @Override
  String catalog() {
    return "pg_policy";
  }

  @Override
  List<Definition> read(OwnedContext context, OwningTable table, long oid) throws SQLException {
    return Definitions.read(context.session(), QUERY, oid);
  }

  @Override
  public List<String> carried(OwnedContext context) throws SQLException {
    List<String> carried = new ArrayList<>();
    if (!switches(context).isEmpty()) {
      carried.add(
          "row-level security: on the new table from its beginning, which nobody else reads");
    }
    listed(context).forEach(names -> carried.add(names + ": also on the new table"));
    return carried;
  }

  @Override
  public Handover handover(OwnedContext context) throws SQLException {
    List<String> policies = new ArrayList<>();
    for (OwningTable table : context.tables()) {
      policies.addAll(statements(served(context, table, of(context, table))));
    }
    return new Handover(
        switches(context), List.of(), new Transfer(List.of(), policies, List.of()), Transfer.NONE);
  }

  /** What switches it on for the shadow as it is for the source, and so for each partition. */
  private static List<String> switches(OwnedContext context) throws SQLException {
    List<String> switches = new ArrayList<>();
    for (OwningTable table : context.tables()) {
      switches.addAll(
          context
              .session()
              .query(
                  """
                  SELECT s.word FROM pg_class c,
                         LATERAL (VALUES ('ENABLE', c.relrowsecurity),
                                         ('FORCE', c.relforcerowsecurity)) AS s(word, is_on)
                   WHERE c.oid = ?::oid AND s.is_on ORDER BY s.word\
                  """,
                  row ->
                      "ALTER TABLE "
                          + table.shadow().sql()
                          + " "
                          + row.getString(1)
                          + " ROW LEVEL SECURITY",
                  table.oid()));
    }
    return switches;
  }
}
