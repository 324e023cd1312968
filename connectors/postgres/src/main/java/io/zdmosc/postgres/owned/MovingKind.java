package io.zdmosc.postgres.owned;

import io.zdmosc.postgres.handover.Handover;
import io.zdmosc.postgres.handover.Transfer;
import java.sql.SQLException;
import java.util.List;

/** Things that leave the table which stops serving and come to the one that begins to. */
abstract class MovingKind extends DefinedKind {

  /** Takes one off a table. */
  abstract String drop(Definition definition, TableName table);

  @Override
  final List<String> undone(Definition definition, TableName table) {
    return List.of(drop(definition, table));
  }

  @Override
  public List<String> carried(OwnedContext context) throws SQLException {
    return listed(context)
        .map(names -> names + ": from the old table to the new one")
        .map(List::of)
        .orElse(List.of());
  }

  @Override
  public final Handover handover(OwnedContext context) throws SQLException {
    List<Definition> old = ofSource(context);
    List<Definition> served = served(context, old);
    return new Handover(
        List.of(),
        new Transfer(drops(old, context.sourceName()), statements(served), List.of()),
        new Transfer(drops(served, context.servedName()), statements(old), List.of()));
  }

  private List<String> drops(List<Definition> definitions, TableName table) {
    return definitions.stream().map(each -> drop(each, table)).toList();
  }
}
