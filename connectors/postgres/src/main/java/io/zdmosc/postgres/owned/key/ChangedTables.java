package io.zdmosc.postgres.owned.key;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.postgres.catalog.Catalog;
import io.zdmosc.postgres.catalog.ColumnInfo;
import io.zdmosc.postgres.catalog.ForeignKeyInfo;
import io.zdmosc.postgres.owned.OwnedContext;
import io.zdmosc.postgres.partition.Partition;
import io.zdmosc.postgres.shadow.MappedColumn;
import io.zdmosc.postgres.sql.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The table that is changed and its partitions, as a foreign key names them: today, when they
 * serve, and as empty copies. A partition may number its columns otherwise than its table does.
 */
final class ChangedTables {
  private final OwnedContext context;
  private final Map<Long, Partition> partitions = new HashMap<>();

  ChangedTables(OwnedContext context) {
    this.context = context;
    for (Partition partition : context.spec().partitions()) {
      if (partition.goesOn()) {
        partitions.put(partition.source(), partition);
      }
    }
  }

  List<Long> partitions() {
    return partitions.keySet().stream().sorted().toList();
  }

  boolean isTable(long table) {
    return table == context.source().table().oid();
  }

  boolean contains(long table) {
    return isTable(table) || partitions.containsKey(table);
  }

  /**
   * The key as it is to be when all of this serves; empty when it uses a column that is dropped.
   */
  Optional<ForeignKeyInfo> served(ForeignKeyInfo key) throws SQLException {
    Optional<ForeignKeyInfo.Side> from = served(key.from());
    Optional<ForeignKeyInfo.Side> to = served(key.to());
    return from.isEmpty() || to.isEmpty()
        ? Optional.empty()
        : Optional.of(key.between(from.get(), to.get()));
  }

  /** The same for all that belong together. */
  Optional<KeyTree> served(KeyTree tree) throws SQLException {
    Optional<ForeignKeyInfo> key = served(tree.key());
    List<KeyTree> parts = new ArrayList<>();
    for (KeyTree part : tree.parts()) {
      served(part).ifPresent(parts::add);
    }
    return key.map(whole -> new KeyTree(whole, parts));
  }

  /** One side as it is to be; empty when the change drops one of its columns. */
  Optional<ForeignKeyInfo.Side> served(ForeignKeyInfo.Side side) throws SQLException {
    if (!contains(side.table())) {
      return Optional.of(side);
    }
    List<String> names = new ArrayList<>();
    for (String column : columns(side)) {
      continuing(column).ifPresent(continued -> names.add(Sql.name(continued)));
    }
    return names.size() < side.columns().size()
        ? Optional.empty()
        : Optional.of(side.named(servedSql(side.table()), names));
  }

  /** What stands for the side of a served key while there is only the template. */
  ForeignKeyInfo.Side tried(ForeignKeyInfo.Side served) {
    if (!contains(served.table())) {
      return served;
    }
    Partition partition = partitions.get(served.table());
    String table =
        partition == null
            ? context.spec().table().sqlName()
            : name(context.spec().table().schema(), partition.name());
    return served.named(table, served.names());
  }

  private String servedSql(long table) {
    Partition partition = partitions.get(table);
    return partition == null
        ? context.spec().servedSql()
        : name(partition.schema(), partition.name());
  }

  private List<String> columns(ForeignKeyInfo.Side side) throws SQLException {
    Map<Integer, String> byNumber = new HashMap<>();
    for (ColumnInfo column : new Catalog(context.session()).columns(side.table())) {
      byNumber.put(column.number(), column.name());
    }
    return side.columns().stream().map(byNumber::get).toList();
  }

  /** What the column is to be called; empty when it is dropped. */
  private Optional<String> continuing(String column) {
    return context
        .spec()
        .continuing(context.source().column(column).number())
        .map(MappedColumn::column)
        .map(ColumnInfo::name);
  }
}
