package io.zdmosc.postgres.owned.key;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.catalog.ForeignKeyInfo;
import io.zdmosc.postgres.handover.Handover;
import io.zdmosc.postgres.handover.Transfer;
import io.zdmosc.postgres.owned.OwnedContext;
import io.zdmosc.postgres.owned.OwnedKind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Foreign keys that a single partition has by itself, and those of others to a single partition,
 * when their table is changed as a whole. They leave the old partition and come to the new one as
 * the table's own do: NOT VALID in the swap, validated afterwards where they were valid.
 */
public final class PartitionKeys implements OwnedKind {

  @Override
  public List<Problem> problems(OwnedContext context) throws SQLException {
    PartitionKeyTrees trees = PartitionKeyTrees.read(context);
    PartitionKeyCheck check = new PartitionKeyCheck(context, trees.changed());
    List<Problem> problems = new ArrayList<>();
    for (KeyTree tree : trees.all()) {
      problems.addAll(check.problems(tree));
    }
    // none that a server of today lets anybody make
    for (ForeignKeyInfo key : trees.ofTheTable()) {
      problems.add(
          new Problem(
              IncomingKeys.words(key),
              "refers to "
                  + key.to().sql()
                  + ", a partition of the table itself, which cannot be"
                  + " carried over yet",
              "Drop it, and add it again afterwards."));
    }
    return problems;
  }

  @Override
  public List<String> carried(OwnedContext context) throws SQLException {
    PartitionKeyTrees trees = PartitionKeyTrees.read(context);
    List<String> words = new ArrayList<>();
    for (KeyTree tree : trees.all()) {
      words.add(
          IncomingKeys.words(tree.key())
              + (trees.changed().served(tree.key()).isPresent()
                  ? " is dropped, and added again for the new partition, unchecked"
                  : " goes with a column that is dropped"));
    }
    return words;
  }

  @Override
  public Handover handover(OwnedContext context) throws SQLException {
    PartitionKeyTrees trees = PartitionKeyTrees.read(context);
    Handover all = Handover.NONE;
    for (KeyTree tree : trees.all()) {
      Optional<KeyTree> served = trees.changed().served(tree);
      KeyMove old = new KeyMove(tree, tree.key().to(), context.version());
      Transfer forth = old.leave();
      Transfer back = old.comeBack();
      if (served.isPresent()) {
        KeyTree fresh = served.get();
        forth = new KeyMove(fresh, fresh.key().to(), context.version()).transfer();
        back = old.transferBack();
      }
      all = all.and(new Handover(others(trees.changed(), tree), forth, back));
    }
    return all;
  }

  /** What the cut-over must lock besides the table, with which its partitions are locked. */
  private static List<String> others(ChangedTables changed, KeyTree tree) {
    List<String> others = new ArrayList<>();
    if (!changed.contains(tree.key().to().table())) {
      others.add(tree.key().to().sql());
    }
    tree.fromAbove().stream()
        .map(ForeignKeyInfo::from)
        .filter(from -> !changed.contains(from.table()))
        .forEach(from -> others.add(from.sql()));
    return others;
  }
}
