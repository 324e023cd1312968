package io.zdmosc.postgres.owned.key;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.catalog.Catalog;
import io.zdmosc.postgres.catalog.ForeignKeyInfo;
import io.zdmosc.postgres.handover.Handover;
import io.zdmosc.postgres.owned.OwnedContext;
import io.zdmosc.postgres.owned.OwnedKind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Foreign keys of a partitioned table, and of others to it, when one of its partitions is changed.
 * With such a key the server would read the partition, or the other table, while it is detached and
 * attached. So the key is taken off for the time and added again, as one that moves.
 */
public final class KeysOfTheWhole implements OwnedKind {

  @Override
  public List<Problem> problems(OwnedContext context) throws SQLException {
    List<Problem> problems = new ArrayList<>();
    List<KeyTree> trees = trees(context);
    for (KeyTree tree : trees) {
      for (ForeignKeyInfo key : tree.fromAbove()) {
        new KeyPrivileges(context, key).problem().ifPresent(problems::add);
      }
      unfit(context, tree.key()).ifPresent(problems::add);
    }
    return problems;
  }

  private static Optional<Problem> unfit(OwnedContext context, ForeignKeyInfo key)
      throws SQLException {
    Optional<Problem> unknown = IncomingKeys.unknown(context, key);
    if (unknown.isPresent()) {
      return unknown;
    }
    if (key.parent() != 0) {
      return Optional.of(
          new Problem(
              IncomingKeys.words(key),
              "belongs to a table of which this one's is a partition, and the server would check it"
                  + " anew under the lock",
              "Drop it first and create it again afterwards."));
    }
    if (!context.spec().servedSql().equals(context.source().table().sqlName())) {
      return Optional.of(
          new Problem(
              IncomingKeys.words(key),
              "belongs to the whole table, and cannot follow a partition to another name",
              "Rename the partition with ALTER TABLE."));
    }
    return Optional.empty();
  }

  @Override
  public List<String> carried(OwnedContext context) throws SQLException {
    return trees(context).stream()
        .map(
            tree ->
                IncomingKeys.words(tree.key())
                    + ": taken off and added again in the swap, all of its rows are checked"
                    + " afterwards")
        .toList();
  }

  @Override
  public Handover handover(OwnedContext context) throws SQLException {
    Handover all = Handover.NONE;
    for (KeyTree tree : trees(context)) {
      KeyMove move = new KeyMove(tree, tree.key().to(), context.version());
      List<String> locked =
          Stream.concat(
                  Stream.of(tree.key().to().sql()),
                  tree.fromAbove().stream().map(key -> key.from().sql()))
              .toList();
      all = all.and(new Handover(locked, move.transfer(), move.transferBack()));
    }
    return all;
  }

  /** Empty for a table that is no partition. */
  private static List<KeyTree> trees(OwnedContext context) throws SQLException {
    Optional<Long> parent =
        context
            .session()
            .first(
                "SELECT h.inhparent::bigint FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid"
                    + " WHERE c.oid = ?::oid AND c.relispartition",
                row -> row.getLong(1),
                context.source().table().oid());
    if (parent.isEmpty()) {
      return List.of();
    }
    Catalog catalog = new Catalog(context.session());
    Map<Long, KeyTree> trees = new LinkedHashMap<>();
    for (ForeignKeyInfo key : catalog.foreignKeysTo(parent.get())) {
      add(key, catalog, trees);
    }
    for (ForeignKeyInfo key : catalog.foreignKeys(parent.get())) {
      add(key, catalog, trees);
    }
    return List.copyOf(trees.values());
  }

  /** A part whose whole is in sight goes with it. */
  private static void add(ForeignKeyInfo key, Catalog catalog, Map<Long, KeyTree> trees)
      throws SQLException {
    List<ForeignKeyInfo> all = catalog.foreignKeysTo(key.to().table());
    boolean part = all.stream().anyMatch(other -> other.oid() == key.parent());
    if (!part) {
      trees.put(key.oid(), KeyTree.of(key, all));
    }
  }
}
