package io.zdmosc.postgres.owned.key;

import io.zdmosc.postgres.catalog.Catalog;
import io.zdmosc.postgres.catalog.ForeignKeyInfo;
import io.zdmosc.postgres.owned.OwnedContext;
import io.zdmosc.postgres.sql.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The foreign keys in which single partitions of the table take part by themselves, on either side.
 * Parts of a key of the whole table, or to it, are not among them: they go with that one.
 *
 * @param all but those of the table itself
 * @param ofTheTable those of the whole table to one of its own partitions
 */
record PartitionKeyTrees(
    ChangedTables changed, List<KeyTree> all, List<ForeignKeyInfo> ofTheTable) {
  private static final String KEYS =
      """
      SELECT oid::bigint, confrelid::bigint FROM pg_constraint
       WHERE contype = 'f' AND conparentid = 0
         AND (conrelid = ANY (?::oid[]) OR confrelid = ANY (?::oid[]))
       ORDER BY oid\
      """;

  private record Found(long key, long referenced) {}

  /** None for a table without partitions that go on. */
  static PartitionKeyTrees read(OwnedContext context) throws SQLException {
    ChangedTables changed = new ChangedTables(context);
    List<KeyTree> all = new ArrayList<>();
    List<ForeignKeyInfo> ofTheTable = new ArrayList<>();
    String partitions = Sql.array(changed.partitions().stream().map(String::valueOf).toList());
    Catalog catalog = new Catalog(context.session());
    Map<Long, List<ForeignKeyInfo>> byReferenced = new HashMap<>();
    for (Found found :
        context
            .session()
            .query(
                KEYS, row -> new Found(row.getLong(1), row.getLong(2)), partitions, partitions)) {
      if (!byReferenced.containsKey(found.referenced())) {
        byReferenced.put(found.referenced(), catalog.foreignKeysTo(found.referenced()));
      }
      List<ForeignKeyInfo> beside = byReferenced.get(found.referenced());
      ForeignKeyInfo key =
          beside.stream().filter(each -> each.oid() == found.key()).findFirst().orElseThrow();
      if (changed.isTable(key.from().table())) {
        ofTheTable.add(key);
      } else {
        all.add(KeyTree.of(key, beside));
      }
    }
    return new PartitionKeyTrees(changed, all, ofTheTable);
  }
}
