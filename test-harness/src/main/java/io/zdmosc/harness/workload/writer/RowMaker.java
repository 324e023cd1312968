package io.zdmosc.harness.workload.writer;

import static io.zdmosc.harness.workload.table.PayloadIds.BIG;
import static io.zdmosc.harness.workload.table.PayloadIds.BUCKET;
import static io.zdmosc.harness.workload.table.PayloadIds.CNT;
import static io.zdmosc.harness.workload.table.PayloadIds.DOC;
import static io.zdmosc.harness.workload.table.PayloadIds.ERA;
import static io.zdmosc.harness.workload.table.PayloadIds.NOTE;
import static io.zdmosc.harness.workload.table.PayloadIds.U;

import io.zdmosc.harness.workload.model.Model;
import io.zdmosc.harness.workload.model.Row;
import io.zdmosc.harness.workload.model.RowId;
import io.zdmosc.harness.workload.table.PayloadTexts;
import io.zdmosc.harness.workload.table.SqlDialect;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes the rows that writers write. One per owner; used by whoever holds the owner's lock. */
final class RowMaker {
  /** How many buckets an owner's rows are spread over. */
  static final int BUCKETS_PER_OWNER = 10;

  private static final int UNIQUE_VALUES_PER_OWNER = 50_000_000;

  /** Columns that this class knows, or that make the key; all others hold short values. */
  private static final Set<String> SPECIAL = Set.of(ERA, BUCKET, CNT, U, BIG, DOC);

  private final Columns columns;
  private final SqlDialect dialect;
  private final List<String> shortIds;
  private final AtomicInteger nextUnique;

  RowMaker(SqlDialect dialect, Columns columns, int owner) {
    this.dialect = dialect;
    this.columns = columns;
    List<String> ids = new ArrayList<>(columns.ids());
    ids.removeAll(columns.table().keyIds());
    ids.removeAll(SPECIAL);
    this.shortIds = List.copyOf(ids);
    this.nextUnique = new AtomicInteger(owner * UNIQUE_VALUES_PER_OWNER - 1000);
  }

  /** Returns a whole new row; many are long, unless asked for small ones. */
  Row fresh(Random random, RowId id, Model model, boolean small) {
    String[] nothing = new String[columns.ids().size()];
    Row row = Row.of(nothing);
    int bucket = id.owner() * BUCKETS_PER_OWNER + random.nextInt(BUCKETS_PER_OWNER);
    row = columns.with(row, ERA, Columns.ERA_VALUE);
    row = columns.with(row, BUCKET, Integer.toString(bucket));
    row = columns.with(row, CNT, Integer.toString(random.nextInt(1000)));
    row = columns.with(row, U, maybeUnique(random));
    row = small ? shortValues(random, row) : change(random, row, 4);
    List<String> key = columns.table().key().key(Math.max(id.slot(), 0), random.nextInt(8));
    return columns.withKey(row, id.slot() < 0 ? Collections.nCopies(key.size(), null) : key);
  }

  /** Returns a value for the unique column that was not used before. */
  String unique() {
    return Integer.toString(nextUnique.getAndIncrement());
  }

  private String maybeUnique(Random random) {
    return columns.table().uniqueNullable() && random.nextInt(5) == 0 ? null : unique();
  }

  /**
   * Returns the row with some columns changed.
   *
   * @param what 0 short values, 1 the long text, 2 the document, 3 short values to NULL or empty, 4
   *     everything; a number from outside the range counts as 0
   */
  Row change(Random random, Row row, int what) {
    return switch (what) {
      case 1 -> columns.with(row, BIG, PayloadTexts.big(random));
      case 2 -> columns.with(row, DOC, PayloadTexts.doc(random));
      case 3 -> toggleEmpty(row);
      case 4 -> change(random, change(random, shortValues(random, row), 1), 2);
      default -> shortValues(random, row);
    };
  }

  private Row toggleEmpty(Row row) {
    return columns.with(row, NOTE, columns.get(row, NOTE) == null ? "" : null);
  }

  private Row shortValues(Random random, Row row) {
    Row changed = row;
    for (String id : shortIds) {
      changed = columns.with(changed, id, dialect.shortText(id, random));
    }
    return changed;
  }
}
