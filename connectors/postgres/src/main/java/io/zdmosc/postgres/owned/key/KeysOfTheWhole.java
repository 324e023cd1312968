package io.zdmosc.postgres.owned.key;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.catalog.Catalog;
import io.zdmosc.postgres.catalog.ForeignKeyInfo;
import io.zdmosc.postgres.handover.FirstLock;
import io.zdmosc.postgres.handover.Handover;
import io.zdmosc.postgres.handover.Transfer;
import io.zdmosc.postgres.owned.OwnedContext;
import io.zdmosc.postgres.owned.OwnedKind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * Foreign keys of a partitioned table, and of others to it, when one of its partitions is changed;
 * also those of a table of which that one is a partition itself, or a partition of a partition.
 * With such a key the server would read the partition, or the other table, while it is detached and
 * attached. So the key is taken off for the time and added again, as one that moves.
 */
public final class KeysOfTheWhole implements OwnedKind {
  /** The keys of the partition's table, on either side, or what they are parts of. */
  private static final String WHOLES =
      """
      WITH RECURSIVE up AS (
             SELECT k.oid, k.conparentid, k.confrelid
               FROM pg_class c JOIN pg_inherits h ON h.inhrelid = c.oid
               JOIN pg_constraint k ON k.contype = 'f'
                AND (k.conrelid = h.inhparent OR k.confrelid = h.inhparent)
              WHERE c.oid = ?::oid AND c.relispartition
             UNION
             SELECT k.oid, k.conparentid, k.confrelid
               FROM up JOIN pg_constraint k ON k.oid = up.conparentid)
      SELECT oid::bigint, confrelid::bigint FROM up WHERE conparentid = 0 ORDER BY oid\
      """;

  private record Whole(long key, long referenced) {}

  @Override
  public List<Problem> problems(OwnedContext context) throws SQLException {
    List<Problem> problems = new ArrayList<>();
    List<KeyTree> trees = trees(context);
    for (KeyTree tree : trees) {
      for (ForeignKeyInfo key : tree.fromAbove()) {
        new KeyPrivileges(context, key).problem().ifPresent(problems::add);
      }
      IncomingKeys.unknown(context, tree.key()).ifPresent(problems::add);
    }
    return problems;
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
    ChangedTables changed = new ChangedTables(context);
    List<KeyTree> trees = trees(context);
    for (KeyTree tree : trees) {
      // the partition may get another name, and has it when the key comes back
      KeyTree served = changed.served(tree).orElseThrow();
      KeyMove forth = new KeyMove(served, served.key().to(), context.version());
      KeyMove back = new KeyMove(tree, tree.key().to(), context.version());
      List<String> locked =
          Stream.concat(
                  Stream.of(tree.key().to().sql()),
                  tree.fromAbove().stream().map(key -> key.from().sql()))
              .toList();
      all =
          all.and(
              new Handover(
                  locked,
                  forth.transfer(),
                  new Transfer(
                      forth.transferBack().release(),
                      back.transferBack().attach(),
                      back.transferBack().afterwards())));
    }
    Transfer above = new Transfer(locks(context, trees), List.of(), List.of(), List.of());
    return all.and(new Handover(List.of(), above, above));
  }

  /**
   * Where a key belongs to a table further up, the way from there to the partition's own table is
   * locked first, from above, as whoever goes through it does.
   */
  private static List<FirstLock> locks(OwnedContext context, List<KeyTree> trees)
      throws SQLException {
    List<FirstLock> locks = new ArrayList<>();
    List<FirstLock> further = new ArrayList<>();
    for (Above table : above(context)) {
      further.add(
          new FirstLock(
              table.sql(), "LOCK TABLE ONLY " + table.sql() + " IN ACCESS EXCLUSIVE MODE"));
      if (trees.stream().anyMatch(tree -> tree.key().isOf(table.oid()))) {
        locks.addAll(further);
        further.clear();
      }
    }
    Collections.reverse(locks);
    return locks;
  }

  /** A table above the partition's own one. */
  private record Above(long oid, String sql) {}

  /** From the lowest on. */
  private static List<Above> above(OwnedContext context) throws SQLException {
    return context
        .session()
        .query(
            """
            SELECT c.oid::bigint, format('%I.%I', n.nspname, c.relname)
              FROM pg_partition_ancestors(?::oid::regclass) WITH ORDINALITY AS a(relid, place)
              JOIN pg_class c ON c.oid = a.relid JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE place > 2 ORDER BY place""",
            row -> new Above(row.getLong(1), row.getString(2)), context.source().table().oid());
  }

  /** Empty for a table that is no partition. */
  private static List<KeyTree> trees(OwnedContext context) throws SQLException {
    Catalog catalog = new Catalog(context.session());
    List<KeyTree> trees = new ArrayList<>();
    for (Whole whole :
        context
            .session()
            .query(
                WHOLES,
                row -> new Whole(row.getLong(1), row.getLong(2)),
                context.source().table().oid())) {
      List<ForeignKeyInfo> beside = catalog.foreignKeysTo(whole.referenced());
      ForeignKeyInfo key =
          beside.stream().filter(each -> each.oid() == whole.key()).findFirst().orElseThrow();
      trees.add(KeyTree.of(key, beside));
    }
    return trees;
  }
}
