package io.zdmosc.postgres.owned;

import io.zdmosc.postgres.handover.Handover;
import io.zdmosc.postgres.handover.Transfer;
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
    for (ExtendedStatistics each : kept(context, oid)) {
      definitions.add(definition(each, context.aside(NEW, table, definitions.size())));
    }
    return definitions;
  }

  private static Definition definition(ExtendedStatistics statistics, String under) {
    return new Definition(statistics.name(), statistics.oid(), statistics.under(under));
  }

  private List<ExtendedStatistics> kept(OwnedContext context, long oid) throws SQLException {
    List<ExtendedStatistics> kept = new ArrayList<>();
    for (ExtendedStatistics each : ExtendedStatistics.of(context.session(), oid)) {
      if (droppedColumns(context, definition(each, each.name())).isEmpty()) {
        kept.add(each);
      }
    }
    return kept;
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
    List<ExtendedStatistics> all = ExtendedStatistics.of(context.session(), table.oid());
    List<ExtendedStatistics> kept = kept(context, table.oid());
    List<String> onShadow =
        statements(served(context, table, of(context, table))).stream()
            .map(sql -> table.served().replacedBy(table.shadow(), sql))
            .toList();
    List<String> release = new ArrayList<>();
    List<String> back = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      ExtendedStatistics each = all.get(i);
      String old = context.aside(OLD, table, i);
      release.add(each.rename(each.name(), old));
      back.add(each.rename(old, each.name()));
    }
    List<String> attach = new ArrayList<>();
    List<String> backRelease = new ArrayList<>();
    for (int i = 0; i < kept.size(); i++) {
      ExtendedStatistics each = kept.get(i);
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
