package io.zdmosc.harness.workload.writer;

import static io.zdmosc.harness.workload.table.PayloadIds.AMOUNT;
import static io.zdmosc.harness.workload.table.PayloadIds.AT;
import static io.zdmosc.harness.workload.table.PayloadIds.BIG;
import static io.zdmosc.harness.workload.table.PayloadIds.BUCKET;
import static io.zdmosc.harness.workload.table.PayloadIds.CNT;
import static io.zdmosc.harness.workload.table.PayloadIds.DOC;
import static io.zdmosc.harness.workload.table.PayloadIds.ERA;
import static io.zdmosc.harness.workload.table.PayloadIds.FLAG;
import static io.zdmosc.harness.workload.table.PayloadIds.NOTE;
import static io.zdmosc.harness.workload.table.PayloadIds.U;

import io.zdmosc.harness.workload.model.Model;
import io.zdmosc.harness.workload.model.Row;
import io.zdmosc.harness.workload.model.RowId;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes the rows that writers write. One per owner; used by whoever holds the owner's lock. */
final class RowMaker {
  /** How many buckets an owner's rows are spread over. */
  static final int BUCKETS_PER_OWNER = 10;

  private static final int UNIQUE_VALUES_PER_OWNER = 50_000_000;
  private static final List<String> NOTES =
      List.of(
          "",
          " ",
          "  trailing  ",
          "plain",
          "it's",
          "\"quoted\"",
          "back\\slash",
          "a,b\tc\nd",
          "NULL",
          "null",
          "😀 ünïcødé",
          "\u00a0",
          "%s ? $1 {x}",
          "0",
          "true");

  private final Columns columns;
  private final AtomicInteger nextUnique;

  RowMaker(Columns columns, int owner) {
    this.columns = columns;
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
      case 1 -> columns.with(row, BIG, big(random));
      case 2 -> columns.with(row, DOC, doc(random));
      case 3 -> toggleEmpty(row);
      case 4 ->
          columns.with(columns.with(shortValues(random, row), BIG, big(random)), DOC, doc(random));
      default -> shortValues(random, row);
    };
  }

  private Row toggleEmpty(Row row) {
    return columns.with(row, NOTE, columns.get(row, NOTE) == null ? "" : null);
  }

  private Row shortValues(Random random, Row row) {
    Row changed = columns.with(row, NOTE, note(random));
    changed = columns.with(changed, AMOUNT, amount(random));
    changed = columns.with(changed, AT, at(random));
    int flag = random.nextInt(3);
    return columns.with(changed, FLAG, flag == 0 ? null : Boolean.toString(flag == 1));
  }

  private static String note(Random random) {
    int choice = random.nextInt(NOTES.size() + 5);
    if (choice < NOTES.size()) {
      return NOTES.get(choice);
    }
    return choice == NOTES.size() ? null : "note " + random.nextInt();
  }

  private static String amount(Random random) {
    String whole = Integer.toString(random.nextInt(2_000_000) - 1_000_000);
    return whole + List.of("", ".0", ".00", ".5", ".25", ".125").get(random.nextInt(6));
  }

  private static String at(Random random) {
    if (random.nextInt(8) == 0) {
      return null;
    }
    return String.format(
        "%04d-%02d-%02d %02d:%02d:%02d.%06d+%02d",
        1 + random.nextInt(2500),
        1 + random.nextInt(12),
        1 + random.nextInt(28),
        random.nextInt(24),
        random.nextInt(60),
        random.nextInt(60),
        random.nextInt(1_000_000),
        random.nextInt(13));
  }

  private static String big(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> null;
      case 1 -> "";
      case 2 -> noise(random, 200);
      default -> noise(random, 2_500 + random.nextInt(6_000));
    };
  }

  private static String doc(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> null;
      case 1 -> "{\"b\": 1.0,  \"a\": [null, true, \"it's\"]}";
      case 2 -> "{\"s\": \"" + noise(random, 3_000) + "\"}";
      default -> "{\"n\": " + random.nextInt() + "}";
    };
  }

  /** Does not compress. */
  private static String noise(Random random, int length) {
    byte[] bytes = new byte[length * 3 / 4];
    random.nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }
}
