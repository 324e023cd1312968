package io.zdmosc.postgres.owned;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.catalog.ColumnInfo;
import io.zdmosc.postgres.catalog.SequenceInfo;
import io.zdmosc.postgres.control.MigrationNames;
import io.zdmosc.postgres.handover.Handover;
import io.zdmosc.postgres.handover.Transfer;
import io.zdmosc.postgres.partition.Partition;
import io.zdmosc.postgres.shadow.MappedColumn;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Security labels of the table, its columns, its row type and its identity sequences.
 *
 * <p>What a label permits or hides is known to its provider only, and the shadow holds the same
 * data under grants of its own. So it has its labels from the transaction that makes it, before its
 * first row, and no moment shows the new table without them. They belong to the relation and not to
 * its name, so the swap has nothing to do. The retired table keeps its own.
 */
final class LabelKind implements OwnedKind {
  private static final String TABLE = "TABLE";
  private static final String SEQUENCE = "SEQUENCE";

  /**
   * A label as the new relation is to have it.
   *
   * @param old what has it now, in words
   * @param kind what SQL calls the relation
   * @param template where it is tried
   * @param shadow where it is given
   */
  private record Wanted(
      SecurityLabel label, String old, String kind, TableName template, TableName shadow) {}

  @Override
  public List<Problem> problems(OwnedContext context) throws SQLException {
    List<Problem> problems = new ArrayList<>();
    Session session = context.session();
    for (Wanted each : wanted(context)) {
      Savepoint before = session.connection().setSavepoint();
      try {
        session.execute(each.label().statement(each.kind(), each.template().sql()));
      } catch (SQLException e) {
        problems.add(
            new Problem(
                each.old(),
                "cannot be set on the new table: " + e.getMessage(),
                "If its provider is not loaded, have its library loaded in the sessions of the role"
                    + " that runs the migration: shared_preload_libraries, or ALTER ROLE ... SET"
                    + " session_preload_libraries = ... Else let the provider accept it."));
      } finally {
        session.rollbackTo(before);
      }
    }
    return problems;
  }

  @Override
  public List<String> carried(OwnedContext context) throws SQLException {
    Map<String, Integer> numbers = new TreeMap<>();
    for (Wanted each : wanted(context)) {
      numbers.merge(each.label().provider(), 1, Integer::sum);
    }
    return numbers.entrySet().stream()
        .map(
            each ->
                "security labels of "
                    + each.getKey()
                    + " ("
                    + each.getValue()
                    + "): on the new table from its beginning")
        .toList();
  }

  @Override
  public Handover handover(OwnedContext context) throws SQLException {
    List<String> onShadow =
        wanted(context).stream()
            .map(each -> each.label().statement(each.kind(), each.shadow().sql()))
            .toList();
    return new Handover(onShadow, List.of(), Transfer.NONE, Transfer.NONE);
  }

  private static List<Wanted> wanted(OwnedContext context) throws SQLException {
    List<Wanted> wanted = new ArrayList<>();
    for (OwningTable table : context.tables()) {
      for (SecurityLabel label : SecurityLabel.of(context.session(), table.oid())) {
        Optional<SecurityLabel> continued = continued(context, label);
        if (continued.isPresent()) {
          String old = label.words(TABLE, table.source().sql());
          wanted.add(new Wanted(continued.get(), old, TABLE, table.template(), table.shadow()));
          if (table.number() == 0) {
            ofNewPartitions(context, continued.get(), old, wanted);
          }
        }
      }
    }
    for (SequenceInfo sequence : context.source().sequences()) {
      ofIdentity(context, sequence, wanted);
    }
    return wanted;
  }

  /** Goes with its column; empty where that is dropped. */
  private static Optional<SecurityLabel> continued(OwnedContext context, SecurityLabel label) {
    if (label.column() == null) {
      return Optional.of(label);
    }
    // a partition's columns have numbers of their own, but the names of its table's
    int number = context.source().column(label.column()).number();
    return context
        .spec()
        .continuing(number)
        .map(MappedColumn::column)
        .map(ColumnInfo::name)
        .map(label::on);
  }

  /** The rows that the label was for lie there; a provider may look at each partition by itself. */
  private static void ofNewPartitions(
      OwnedContext context, SecurityLabel label, String old, List<Wanted> wanted) {
    for (Partition partition : context.spec().partitions()) {
      if (!partition.goesOn()) {
        wanted.add(
            new Wanted(
                label,
                old,
                TABLE,
                new TableName(context.spec().table().schema(), partition.name()),
                new TableName(context.source().table().schema(), partition.name())));
      }
    }
  }

  /** The new column's own sequence; one that is merely owned is the same one. */
  private static void ofIdentity(OwnedContext context, SequenceInfo old, List<Wanted> wanted)
      throws SQLException {
    Optional<MappedColumn> column = context.spec().continuing(old.column());
    if (!old.identity() || column.isEmpty()) {
      return;
    }
    List<SequenceInfo> sequences = context.spec().sequences();
    for (SecurityLabel label : SecurityLabel.of(context.session(), old.oid())) {
      for (int i = 0; i < sequences.size(); i++) {
        SequenceInfo each = sequences.get(i);
        if (each.identity() && each.column() == column.get().column().number()) {
          String present = MigrationNames.part(context.migrationId(), "s", i);
          wanted.add(
              new Wanted(
                  label,
                  label.words(SEQUENCE, name(old.schema(), old.name())),
                  SEQUENCE,
                  new TableName(each.schema(), each.name()),
                  new TableName(context.source().table().schema(), present)));
        }
      }
    }
  }
}
