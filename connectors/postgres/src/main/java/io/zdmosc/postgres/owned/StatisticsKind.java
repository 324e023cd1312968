package io.zdmosc.postgres.owned;

import static io.zdmosc.postgres.sql.Sql.literal;

import io.zdmosc.postgres.handover.Handover;
import io.zdmosc.postgres.handover.Transfer;
import io.zdmosc.postgres.sql.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Extended statistics. They are made on the empty shadow, so that its ANALYZE before the swap fills
 * them, and the two exchange their names in the swap. As with ALTER TABLE, those over a column that
 * the change drops go with it.
 */
final class StatisticsKind extends DefinedKind {
  private static final String NEW = "x";
  private static final String OLD = "y";

  private static final String QUERY =
      """
      SELECT s.stxname, s.oid::bigint, n.nspname,
             substr(pg_get_statisticsobjdef(s.oid),
                    length(format('CREATE STATISTICS %I.%I', n.nspname, s.stxname)) + 1),
             CASE WHEN s.stxstattarget >= 0 THEN s.stxstattarget::text END,
             obj_description(s.oid, 'pg_statistic_ext'), pg_get_userbyid(s.stxowner)
        FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace
       WHERE s.stxrelid = ?::oid
       ORDER BY s.oid\
      """;

  /**
   * As the catalog has it.
   *
   * @param rest of the definition, behind the name
   */
  private record Statistics(
      String name,
      long oid,
      String schema,
      String rest,
      String target,
      String comment,
      String owner) {

    Definition under(String other) {
      String sqlName = Sql.name(schema, other);
      List<String> statements = new ArrayList<>();
      statements.add("CREATE STATISTICS " + sqlName + rest);
      if (target != null) {
        statements.add("ALTER STATISTICS " + sqlName + " SET STATISTICS " + target);
      }
      if (comment != null) {
        statements.add("COMMENT ON STATISTICS " + sqlName + " IS " + literal(comment));
      }
      statements.add("ALTER STATISTICS " + sqlName + " OWNER TO " + Sql.name(owner));
      return new Definition(name, oid, statements);
    }

    String rename(String from, String to) {
      return "ALTER STATISTICS " + Sql.name(schema, from) + " RENAME TO " + Sql.name(to);
    }
  }

  @Override
  String word() {
    return "extended statistics";
  }

  @Override
  String catalog() {
    return "pg_statistic_ext";
  }

  /** Under the names that they have until the swap. */
  @Override
  List<Definition> read(OwnedContext context, OwningTable table, long oid) throws SQLException {
    List<Definition> definitions = new ArrayList<>();
    for (Statistics each : kept(context, table, oid)) {
      definitions.add(each.under(context.aside(NEW, table, definitions.size())));
    }
    return definitions;
  }

  private List<Statistics> kept(OwnedContext context, OwningTable table, long oid)
      throws SQLException {
    List<Statistics> kept = new ArrayList<>();
    for (Statistics each : all(context, oid)) {
      if (droppedColumns(context, table, each.under(each.name())).isEmpty()) {
        kept.add(each);
      }
    }
    return kept;
  }

  private static List<Statistics> all(OwnedContext context, long table) throws SQLException {
    return context
        .session()
        .query(
            QUERY,
            row ->
                new Statistics(
                    row.getString(1),
                    row.getLong(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    row.getString(6),
                    row.getString(7)),
            table);
  }

  @Override
  public List<String> carried(OwnedContext context) throws SQLException {
    return listed(context).stream()
        .map(names -> names + ": built and analysed before, the names are exchanged")
        .toList();
  }

  @Override
  public Handover handover(OwnedContext context) throws SQLException {
    Handover all = Handover.NONE;
    for (OwningTable table : context.tables()) {
      all = all.and(handover(context, table));
    }
    return all;
  }

  private Handover handover(OwnedContext context, OwningTable table) throws SQLException {
    List<Statistics> all = all(context, table.oid());
    List<Statistics> kept = kept(context, table, table.oid());
    List<String> onShadow =
        statements(served(context, table, of(context, table))).stream()
            .map(sql -> table.served().replacedBy(table.shadow(), sql))
            .toList();
    List<String> release = new ArrayList<>();
    List<String> back = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      Statistics each = all.get(i);
      String old = context.aside(OLD, table, i);
      release.add(each.rename(each.name(), old));
      back.add(each.rename(old, each.name()));
    }
    List<String> attach = new ArrayList<>();
    List<String> backRelease = new ArrayList<>();
    for (int i = 0; i < kept.size(); i++) {
      Statistics each = kept.get(i);
      String fresh = context.aside(NEW, table, i);
      attach.add(each.rename(fresh, each.name()));
      backRelease.add(each.rename(each.name(), fresh));
    }
    return new Handover(
        onShadow,
        List.of(),
        new Transfer(release, attach, List.of()),
        new Transfer(backRelease, back, List.of()));
  }
}
