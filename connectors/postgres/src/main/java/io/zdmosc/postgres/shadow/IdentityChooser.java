package io.zdmosc.postgres.shadow;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.postgres.catalog.ColumnInfo;
import io.zdmosc.postgres.catalog.IndexInfo;
import io.zdmosc.postgres.partition.Partition;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Chooses what identifies a row: an index of the source whose columns all live on in the shadow, so
 * that a row can be found there by the source's key alone.
 */
public final class IdentityChooser {
  private static final String OURS = "zdm_";
  private static final Set<String> INTEGERS = Set.of("int2", "int4", "int8", "numeric");
  private static final Set<String> TEXTS = Set.of("text", "varchar");

  private final Session session;
  private final SourceTable source;
  private final ShadowSpec spec;

  /** The session is within a transaction; what is tried there is rolled back. */
  public IdentityChooser(Session session, SourceTable source, ShadowSpec spec) {
    this.session = session;
    this.source = source;
    this.spec = spec;
  }

  /**
   * The best identity: the present replica identity, else the primary key, else another index. Of a
   * partitioned table one that each of its partitions writes to the log.
   *
   * @throws RefusedException when there is none, saying what to add
   */
  public RowIdentity choose() throws SQLException {
    List<LoggedColumns> logged =
        source.table().isPartitioned()
            ? LoggedColumns.ofPartitions(session, source.table().oid())
            : List.of();
    List<Problem> unpublishable = unpublishable(logged);
    if (!unpublishable.isEmpty()) {
      throw new RefusedException(unpublishable);
    }
    List<Problem> silent = List.of();
    List<IndexInfo> candidates =
        source.indexes().stream()
            .filter(this::canIdentify)
            .sorted(Comparator.comparing(this::rank))
            .toList();
    for (IndexInfo candidate : candidates) {
      Optional<List<KeyColumn>> columns = keyColumns(candidate);
      if (columns.isEmpty()) {
        continue;
      }
      List<Problem> unfit = unfit(columns.get());
      if (!unfit.isEmpty()) {
        silent = silent.isEmpty() ? unfit : silent;
        continue;
      }
      RowIdentity identity =
          source.table().isPartitioned()
              ? inPartitions(candidate, columns.get(), logged)
              : identity(candidate, columns.get());
      List<Problem> lacking = lacking(identity, logged);
      if (lacking.isEmpty()) {
        return identity;
      }
      silent = silent.isEmpty() ? lacking : silent;
    }
    throw silent.isEmpty() ? none(candidates) : new RefusedException(silent);
  }

  private List<Problem> unpublishable(List<LoggedColumns> logged) {
    WholeRowIdentity whole = new WholeRowIdentity(source);
    return source.table().isPartitioned()
        ? logged.stream()
            .filter(LoggedColumns::all)
            .flatMap(each -> whole.problems(schema(each), each.partition()).stream())
            .toList()
        : whole.problems();
  }

  private RefusedException none(List<IndexInfo> candidates) {
    return RefusedException.of(
        "table " + source.table().sqlName(),
        candidates.isEmpty()
            ? "has no primary key and no unique index over NOT NULL columns, so its rows cannot be"
                + " told apart"
            : "has no identity that lives on in the changed table",
        "Add one first, for example: CREATE UNIQUE INDEX CONCURRENTLY ON "
            + source.table().sqlName()
            + " (...) over NOT NULL columns that the change keeps.");
  }

  /**
   * Keys that our own statements cannot have: what they call a thing beside the key must not be the
   * name of one of its parts, and the server takes arrays of composite values and of arrays apart.
   */
  private List<Problem> unfit(List<KeyColumn> columns) throws SQLException {
    List<Problem> problems = new ArrayList<>();
    for (KeyColumn column : columns) {
      String object = "column " + column.source() + " of table " + source.table().sqlName();
      if (column.source().startsWith(OURS)) {
        problems.add(
            new Problem(
                object,
                "is part of the key by which rows are found, and names there must not begin with "
                    + OURS
                    + ", as those of zdm-osc do",
                "ALTER TABLE ... RENAME COLUMN ... first."));
      }
      if (session.test(
          "SELECT typtype = 'c' OR typtype = 'b' AND typcategory = 'A'"
              + " FROM pg_type WHERE oid = ?::regtype",
          column.type())) {
        problems.add(
            new Problem(
                object,
                "is part of the key by which rows are found, and of a composite or an array type",
                "Add a unique index over NOT NULL columns of other types first."));
      }
    }
    return problems;
  }

  private boolean canIdentify(IndexInfo index) {
    return index.canIdentify()
        && index.keyColumns().stream()
            .map(source::column)
            .allMatch(c -> c.notNull() && !c.isGenerated());
  }

  private int rank(IndexInfo index) {
    if (index.replicaIdentity() && source.table().replicaIdentity() == 'i') {
      return 0;
    }
    return index.primary() ? 1 : 2;
  }

  private Optional<List<KeyColumn>> keyColumns(IndexInfo index) throws SQLException {
    List<KeyColumn> columns = new ArrayList<>();
    for (int i = 0; i < index.keyColumns().size(); i++) {
      ColumnInfo column = source.column(index.keyColumns().get(i));
      Optional<MappedColumn> mapped =
          spec.continuing(column.number()).filter(MappedColumn::isWritten);
      if (mapped.isEmpty() || !mapped.get().repeatable()) {
        return Optional.empty();
      }
      columns.add(keyColumn(column, mapped.get(), index.descending().get(i)));
    }
    return computableFromKey(columns) ? Optional.of(columns) : Optional.empty();
  }

  private static KeyColumn keyColumn(ColumnInfo column, MappedColumn mapped, boolean descending) {
    return new KeyColumn(
        column.name(),
        column.baseType(),
        column.collation(),
        mapped.column().name(),
        mapped.column().type(),
        collated(column, mapped),
        descending,
        mapped.plain() && sameOrder(column, mapped.column()));
  }

  /** Where the collation changes, the value says so: the server would not choose between two. */
  private static String collated(ColumnInfo from, MappedColumn mapped) {
    ColumnInfo to = mapped.column();
    boolean changes = !Objects.equals(from.collation(), to.collation());
    if (!changes || (to.collation() == null && !inBoth(TEXTS, to, to))) {
      return mapped.typedExpression();
    }
    String collation = to.collation() == null ? "pg_catalog.\"default\"" : to.collation();
    return "(" + mapped.typedExpression() + ") COLLATE " + collation;
  }

  private static boolean sameOrder(ColumnInfo from, ColumnInfo to) {
    if (!Objects.equals(from.collation(), to.collation())) {
      return false;
    }
    boolean sameType =
        from.typeSchema().equals(to.typeSchema()) && from.typeName().equals(to.typeName());
    return sameType
        || inBoth(INTEGERS, from, to) && !to.type().contains("(")
        || inBoth(TEXTS, from, to);
  }

  private static boolean inBoth(Set<String> family, ColumnInfo from, ColumnInfo to) {
    return from.typeSchema().equals("pg_catalog")
        && to.typeSchema().equals("pg_catalog")
        && family.contains(from.typeName())
        && family.contains(to.typeName());
  }

  /** Deleted rows are known by their key alone, so the shadow's key must follow from it. */
  private boolean computableFromKey(List<KeyColumn> columns) throws SQLException {
    String row =
        columns.stream()
            .map(c -> "NULL::" + c.type() + " AS " + name(c.source()))
            .collect(Collectors.joining(", "));
    String values = columns.stream().map(KeyColumn::expression).collect(Collectors.joining(", "));
    Savepoint before = session.connection().setSavepoint();
    try {
      session.execute(
          "SELECT "
              + values
              + " FROM (SELECT "
              + row
              + ") AS "
              + name(source.table().name())
              + " WHERE false");
      return true;
    } catch (SQLException e) {
      return false; // the server does not know a column: it is not part of the key
    } finally {
      session.connection().rollback(before);
    }
  }

  /** Partitions have replica identities of their own, and keep them. */
  private static RowIdentity inPartitions(
      IndexInfo index, List<KeyColumn> columns, List<LoggedColumns> logged) {
    List<String> published = columns.stream().map(KeyColumn::source).toList();
    boolean limited = logged.stream().allMatch(each -> each.areAmong(published));
    return new RowIdentity(index, columns, "", "", limited);
  }

  private List<Problem> lacking(RowIdentity identity, List<LoggedColumns> logged) {
    List<String> wanted = identity.sourceColumns();
    return logged.stream()
        .filter(each -> !each.tell(wanted))
        .map(
            each ->
                new Problem(
                    "partition " + qualified(each),
                    "has a replica identity by which the server does not log ("
                        + String.join(", ", wanted)
                        + ") of a row that is changed or deleted, so its rows could not be followed",
                    "ALTER TABLE "
                        + qualified(each)
                        + " REPLICA IDENTITY DEFAULT, or FULL, or USING an INDEX with these"
                        + " columns."))
        .toList();
  }

  private String qualified(LoggedColumns logged) {
    return name(schema(logged), logged.partition());
  }

  private String schema(LoggedColumns logged) {
    return spec.partitions().stream()
        .filter(each -> each.name().equals(logged.partition()))
        .findFirst()
        .map(Partition::schema)
        .orElse(source.table().schema());
  }

  private RowIdentity identity(IndexInfo index, List<KeyColumn> columns) {
    char present = source.table().replicaIdentity();
    boolean fits =
        present == 'f'
            || (present == 'i' && index.replicaIdentity())
            || (present == 'd' && index.primary());
    String arrange = "";
    String restore = "";
    if (!fits) {
      arrange = index.primary() ? "DEFAULT" : "USING INDEX " + name(index.name());
      restore =
          switch (present) {
            case 'n' -> "NOTHING";
            case 'i' ->
                source.indexes().stream()
                    .filter(IndexInfo::replicaIdentity)
                    .map(i -> "USING INDEX " + name(i.name()))
                    .findFirst()
                    .orElse("NOTHING");
            default -> "DEFAULT";
          };
    }
    return new RowIdentity(index, columns, arrange, restore, present != 'f');
  }

  /**
   * A partitioned table's index has the partition key besides: behind the wanted columns it does no
   * harm. On the way back it is the other way round, and the index that lacks it is unique, too.
   */
  private static boolean finds(IndexInfo index, List<Integer> wanted, RowIdentity identity) {
    List<Integer> columns = index.keyColumns();
    if (index.partitioned() && columns.size() > wanted.size()) {
      return columns.subList(0, wanted.size()).equals(wanted);
    }
    if (identity.index().partitioned() && columns.size() < wanted.size()) {
      return wanted.subList(0, columns.size()).equals(columns);
    }
    return columns.equals(wanted);
  }

  /**
   * The index of the shadow by which its rows are found: on exactly these columns, in order, or
   * nearly so where one of the two tables is partitioned.
   */
  public static Optional<IndexInfo> shadowIndex(ShadowSpec spec, RowIdentity identity) {
    List<Integer> wanted =
        identity.shadowColumns().stream()
            .map(
                column ->
                    spec.columns().stream()
                        .filter(c -> c.column().name().equals(column))
                        .findFirst()
                        .orElseThrow()
                        .column()
                        .number())
            .toList();
    return spec.indexes().stream()
        .filter(i -> i.canIdentify() && finds(i, wanted, identity))
        .min(
            Comparator.comparing((IndexInfo i) -> !i.keyColumns().equals(wanted))
                .thenComparing(i -> !i.primary())
                .thenComparing(IndexInfo::name));
  }
}
