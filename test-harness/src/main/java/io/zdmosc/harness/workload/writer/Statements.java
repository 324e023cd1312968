package io.zdmosc.harness.workload.writer;

import static io.zdmosc.harness.workload.table.PayloadIds.BUCKET;
import static io.zdmosc.harness.workload.table.PayloadIds.CNT;
import static io.zdmosc.harness.workload.table.PayloadIds.ERA;
import static io.zdmosc.harness.workload.table.PayloadIds.U;

import io.zdmosc.harness.workload.model.Row;
import io.zdmosc.harness.workload.table.Shape;
import io.zdmosc.harness.workload.table.SqlDialect;
import io.zdmosc.harness.workload.table.TableSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Builds the workload's SQL for the names that the columns have at present. Every statement
 * mentions the guard column while it exists, and columns by name only. Immutable.
 */
final class Statements {
  private final SqlDialect dialect;
  private final Columns columns;
  private final TableSpec table;
  private final Shape shape;

  Statements(SqlDialect dialect, Columns columns, Shape shape) {
    this.dialect = dialect;
    this.columns = columns;
    this.table = columns.table();
    this.shape = shape;
  }

  Shape shape() {
    return shape;
  }

  String insert(Collection<Row> rows) {
    List<String> ids = presentIds();
    return dialect.insert(shape, table, ids, rows.stream().map(row -> literals(row, ids)).toList());
  }

  /** Inserts without a key; the server makes one. */
  String insertWithoutKey(Row row) {
    List<String> ids = presentIds();
    ids.removeAll(table.keyIds());
    return dialect.insert(shape, table, ids, List.of(literals(row, ids)));
  }

  /** Inserts in the place of the rows that are in the way, where the database can. */
  Optional<String> replace(Row row) {
    List<String> ids = presentIds();
    return dialect.replace(shape, table, ids, literals(row, ids));
  }

  /** Inserts, or updates all but the key and the unique column if the key exists. */
  String upsert(Row row) {
    List<String> ids = presentIds();
    List<String> updated = new ArrayList<>(ids);
    updated.removeAll(table.keyIds());
    updated.remove(U);
    return dialect.upsert(shape, table, ids, literals(row, ids), updated);
  }

  /** Sets the columns in which the rows differ; a column to itself if there are none. */
  String update(Row before, Row after) {
    return update() + assignments(before, after) + where(before);
  }

  /** Counts up. */
  String increment(Row row) {
    return update() + plusOne() + where(row);
  }

  /** Counts up, and sets every other column but the key and the guard. */
  String overwrite(Row row) {
    List<String> ids = presentIds();
    ids.removeAll(table.keyIds());
    ids.removeAll(List.of(CNT, ERA));
    return update()
        + plusOne()
        + ids.stream()
            .map(id -> ", " + name(id) + " = " + literal(row, id))
            .collect(Collectors.joining())
        + where(row);
  }

  /** Counts up in the rows of a range of buckets. */
  String incrementRange(int firstBucket, int lastBucket) {
    return update() + plusOne() + whereBuckets(firstBucket, lastBucket);
  }

  String delete(Row row) {
    return "DELETE FROM " + tableName() + where(row);
  }

  String deleteRange(int firstBucket, int lastBucket) {
    return "DELETE FROM " + tableName() + whereBuckets(firstBucket, lastBucket);
  }

  /** Exchanges the unique values of two rows in one statement. */
  String exchangeUnique(Row one, Row other) {
    String u = name(U);
    return update()
        + u
        + " = CASE WHEN "
        + keyPredicate(one)
        + " THEN "
        + dialect.integer(columns.get(other, U))
        + " ELSE "
        + dialect.integer(columns.get(one, U))
        + " END WHERE (("
        + keyPredicate(one)
        + ") OR ("
        + keyPredicate(other)
        + "))"
        + guard();
  }

  /** Reads some columns of a row. */
  String select(List<String> ids, Row row) {
    return "SELECT "
        + ids.stream().map(this::name).collect(Collectors.joining(", "))
        + " FROM "
        + tableName()
        + where(row);
  }

  /** Counts an owner's rows, and sums their counters. */
  String countAndSum(int owner) {
    int first = owner * RowMaker.BUCKETS_PER_OWNER;
    return "SELECT count(*), coalesce(sum("
        + name(CNT)
        + "), 0) FROM "
        + tableName()
        + whereBuckets(first, first + RowMaker.BUCKETS_PER_OWNER - 1);
  }

  String tableName() {
    return dialect.quote(shape.table());
  }

  String name(String id) {
    return dialect.quote(shape.name(id));
  }

  /** Returns " AND guard = value" while the guard column exists. */
  String guard() {
    return shape.has(ERA) ? " AND " + name(ERA) + " = " + Columns.ERA_VALUE : "";
  }

  private String update() {
    return "UPDATE " + tableName() + " SET ";
  }

  private String plusOne() {
    return name(CNT) + " = " + name(CNT) + " + 1";
  }

  private String assignments(Row before, Row after) {
    List<String> assignments = new ArrayList<>();
    for (String id : presentIds()) {
      String old = columns.get(before, id);
      String value = columns.get(after, id);
      if (!Objects.equals(old, value)) {
        boolean counted = id.equals(CNT) && Long.parseLong(value) == Long.parseLong(old) + 1;
        assignments.add(counted ? plusOne() : name(id) + " = " + literal(after, id));
      }
    }
    return assignments.isEmpty() ? name(CNT) + " = " + name(CNT) : String.join(", ", assignments);
  }

  private String where(Row row) {
    return " WHERE " + keyPredicate(row) + guard();
  }

  private String keyPredicate(Row row) {
    return table.keyIds().stream()
        .map(id -> name(id) + " = " + literal(row, id))
        .collect(Collectors.joining(" AND "));
  }

  private String whereBuckets(int first, int last) {
    return " WHERE " + name(BUCKET) + " BETWEEN " + first + " AND " + last + guard();
  }

  private List<String> presentIds() {
    List<String> ids = new ArrayList<>(columns.ids());
    ids.removeIf(id -> !shape.has(id));
    return ids;
  }

  private List<String> literals(Row row, List<String> ids) {
    return ids.stream().map(id -> literal(row, id)).toList();
  }

  private String literal(Row row, String id) {
    return dialect.literal(table.column(id), columns.get(row, id));
  }
}
