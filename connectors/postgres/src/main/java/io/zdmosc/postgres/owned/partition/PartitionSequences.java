package io.zdmosc.postgres.owned.partition;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.catalog.Catalog;
import io.zdmosc.postgres.catalog.ColumnInfo;
import io.zdmosc.postgres.catalog.SequenceInfo;
import io.zdmosc.postgres.handover.Handover;
import io.zdmosc.postgres.handover.Transfer;
import io.zdmosc.postgres.owned.OwnedContext;
import io.zdmosc.postgres.owned.OwnedKind;
import io.zdmosc.postgres.partition.Partition;
import io.zdmosc.postgres.shadow.MappedColumn;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Sequences that a column of a single partition owns. They go on as they are, and go with the
 * column: else they would be dropped with the retired partition. One whose column is dropped stays
 * with that.
 */
public final class PartitionSequences implements OwnedKind {
  /**
   * A sequence and the column that owns it.
   *
   * @param served what that is to be called; empty where it is dropped
   */
  private record Owned(
      Partition partition, SequenceInfo sequence, String column, Optional<String> served) {

    String sql() {
      return name(sequence.schema(), sequence.name());
    }

    String ownedBy(String owner) {
      return "ALTER SEQUENCE "
          + sql()
          + " OWNED BY "
          + name(partition.schema(), partition.name())
          + "."
          + name(owner);
    }
  }

  @Override
  public List<Problem> problems(OwnedContext context) {
    return List.of();
  }

  @Override
  public List<String> carried(OwnedContext context) throws SQLException {
    return owned(context).stream()
        .map(
            each ->
                "sequence "
                    + each.sequence().name()
                    + " of column "
                    + each.column()
                    + " of partition "
                    + each.partition().name()
                    + (each.served().isPresent()
                        ? ": its ownership moves"
                        : ": stays with the column, which is dropped"))
        .toList();
  }

  @Override
  public Handover handover(OwnedContext context) throws SQLException {
    List<String> forth = new ArrayList<>();
    List<String> back = new ArrayList<>();
    for (Owned each : owned(context)) {
      if (each.served().isPresent()) {
        forth.add(each.ownedBy(each.served().get()));
        back.add(each.ownedBy(each.column()));
      }
    }
    return new Handover(
        List.of(),
        new Transfer(List.of(), forth, List.of()),
        new Transfer(List.of(), back, List.of()));
  }

  private static List<Owned> owned(OwnedContext context) throws SQLException {
    Catalog catalog = new Catalog(context.session());
    List<Owned> all = new ArrayList<>();
    for (Partition partition : context.spec().partitions()) {
      if (!partition.goesOn()) {
        continue;
      }
      for (SequenceInfo sequence : catalog.sequences(partition.source())) {
        if (!sequence.identity()) {
          String column = column(catalog, partition, sequence);
          int number = context.source().column(column).number();
          Optional<String> served =
              context.spec().continuing(number).map(MappedColumn::column).map(ColumnInfo::name);
          all.add(new Owned(partition, sequence, column, served));
        }
      }
    }
    return all;
  }

  private static String column(Catalog catalog, Partition partition, SequenceInfo sequence)
      throws SQLException {
    return catalog.columns(partition.source()).stream()
        .filter(column -> column.number() == sequence.column())
        .map(ColumnInfo::name)
        .findFirst()
        .orElseThrow();
  }
}
