package io.zdmosc.postgres.owned;

import io.zdmosc.postgres.handover.Handover;
import io.zdmosc.postgres.handover.Transfer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Things that leave the table which stops serving and come to the one that begins to. */
abstract class MovingKind extends DefinedKind {

  /** Takes one off a table. */
  abstract String drop(Definition definition, TableName table);

  /**
   * What a table has by itself about things that it has from another.
   *
   * @param as what the table that gets it is called by then
   */
  List<String> ownSettings(OwnedContext context, OwningTable table, TableName as)
      throws SQLException {
    return List.of();
  }

  @Override
  final List<String> undone(Definition definition, TableName table) {
    return List.of(drop(definition, table));
  }

  @Override
  public List<String> carried(OwnedContext context) throws SQLException {
    return listed(context).stream()
        .map(names -> names + ": from the old table to the new one")
        .toList();
  }

  @Override
  public final Handover handover(OwnedContext context) throws SQLException {
    List<String> release = new ArrayList<>();
    List<String> attach = new ArrayList<>();
    List<String> releaseBack = new ArrayList<>();
    List<String> attachBack = new ArrayList<>();
    for (OwningTable table : context.tables()) {
      List<Definition> old = of(context, table);
      List<Definition> served = served(context, table, old);
      release.addAll(drops(old, table.source()));
      attach.addAll(statements(served));
      attach.addAll(ownSettings(context, table, table.served()));
      releaseBack.addAll(drops(served, table.served()));
      attachBack.addAll(statements(old));
      attachBack.addAll(ownSettings(context, table, table.source()));
    }
    return new Handover(
        List.of(),
        new Transfer(release, attach, List.of()),
        new Transfer(releaseBack, attachBack, List.of()));
  }

  private List<String> drops(List<Definition> definitions, TableName table) {
    return definitions.stream().map(each -> drop(each, table)).toList();
  }
}
