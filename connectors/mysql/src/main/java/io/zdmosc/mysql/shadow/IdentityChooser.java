package io.zdmosc.mysql.shadow;

import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.mysql.catalog.ColumnInfo;
import io.zdmosc.mysql.catalog.IndexInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Chooses what identifies a row: an index of the source whose columns all live on in the shadow, so
 * that a row can be found there by the source's key alone.
 */
public final class IdentityChooser {
  /** The name of an index that the shadow has for the migration only. */
  static final String TEMPORARY_INDEX = "zdm_key";

  private final SourceTable source;
  private final ShadowSpec spec;

  public IdentityChooser(SourceTable source, ShadowSpec spec) {
    this.source = source;
    this.spec = spec;
  }

  /**
   * The best identity: the primary key, else the unique index with the fewest columns.
   *
   * @throws RefusedException when there is none, saying what to add
   */
  public RowIdentity choose() {
    List<IndexInfo> candidates =
        source.indexes().stream()
            .filter(this::canIdentify)
            .sorted(
                Comparator.comparing((IndexInfo index) -> !index.isPrimary())
                    .thenComparing(index -> index.parts().size())
                    .thenComparing(IndexInfo::name))
            .toList();
    for (IndexInfo candidate : candidates) {
      Optional<List<KeyColumn>> columns = keyColumns(candidate);
      if (columns.isPresent()) {
        return identity(candidate, columns.get());
      }
    }
    throw RefusedException.of(
        "table " + source.table().sqlName(),
        candidates.isEmpty()
            ? "has no primary key and no unique index over whole NOT NULL columns of types that can"
                + " be told apart exactly (not FLOAT or DOUBLE), so its rows cannot be told apart"
            : "has no identity that lives on in the changed table",
        "Add one first, for example: ALTER TABLE "
            + source.table().sqlName()
            + " ADD UNIQUE INDEX (...) over NOT NULL columns that the change keeps.");
  }

  private boolean canIdentify(IndexInfo index) {
    return index.canIdentify()
        && index.columns().stream()
            .map(source::column)
            .allMatch(c -> c.notNull() && !c.isGenerated() && KeyColumn.isPossible(c));
  }

  private Optional<List<KeyColumn>> keyColumns(IndexInfo index) {
    List<KeyColumn> columns = new ArrayList<>();
    for (IndexInfo.Part part : index.parts()) {
      ColumnInfo column = source.column(part.column());
      Optional<MappedColumn> mapped =
          spec.continuing(column.name()).filter(MappedColumn::isWritten);
      if (mapped.isEmpty() || !KeyColumn.isPossible(mapped.get().column())) {
        return Optional.empty();
      }
      columns.add(new KeyColumn(column, mapped.get().column(), part.descending()));
    }
    return Optional.of(columns);
  }

  private RowIdentity identity(IndexInfo index, List<KeyColumn> columns) {
    List<String> wanted = columns.stream().map(column -> column.shadow().name()).toList();
    Optional<IndexInfo> kept =
        spec.indexes().stream()
            .filter(candidate -> candidate.canIdentify() && candidate.columns().equals(wanted))
            .min(
                Comparator.comparing((IndexInfo candidate) -> !candidate.isPrimary())
                    .thenComparing(IndexInfo::name));
    return new RowIdentity(
        index, columns, kept.map(IndexInfo::name).orElse(TEMPORARY_INDEX), kept.isEmpty());
  }
}
