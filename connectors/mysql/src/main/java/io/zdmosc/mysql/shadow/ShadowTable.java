package io.zdmosc.mysql.shadow;

import io.zdmosc.mysql.alter.TableDdl;
import io.zdmosc.mysql.alter.TableDdl.Item;
import io.zdmosc.mysql.alter.TableDdl.ItemKind;
import io.zdmosc.mysql.sql.Sql;
import java.util.List;

/**
 * The shadow's definition during the copy, and what is added behind it.
 *
 * <p>It has the final definition without its secondary indexes, but for the one on the identity,
 * and the one that an AUTO_INCREMENT column must have.
 */
public final class ShadowTable {
  private final ShadowSpec spec;
  private final RowIdentity identity;

  public ShadowTable(ShadowSpec spec, RowIdentity identity) {
    this.spec = spec;
    this.identity = identity;
  }

  /** The statements that make it. */
  public List<String> create(Working.Names names) {
    TableDdl ddl = spec.ddl().without(this::comesLater);
    if (identity.temporary()) {
      ddl =
          ddl.with(
              new Item(
                  ItemKind.UNIQUE,
                  identity.shadowIndex(),
                  "UNIQUE KEY "
                      + Sql.name(identity.shadowIndex())
                      + " ("
                      + Sql.names(identity.shadowColumns())
                      + ")"));
    }
    return ddl.withChecksNamedAfter(spec.finalName(), names.shadow())
        .statements(Sql.name(names.shadowSchema(), names.shadow()));
  }

  /** The indexes that are built after the copy. */
  public List<Item> later() {
    return spec.ddl().items().stream().filter(this::comesLater).toList();
  }

  private boolean comesLater(Item item) {
    return item.isIndex()
        && !item.name().equals(identity.shadowIndex())
        && !servesAutoIncrement(item);
  }

  private boolean servesAutoIncrement(Item item) {
    return spec.autoIncrementColumn()
        .filter(
            column ->
                spec.indexes().stream()
                    .anyMatch(
                        index ->
                            index.name().equals(item.name())
                                && column.name().equals(index.parts().get(0).column())))
        .isPresent();
  }
}
