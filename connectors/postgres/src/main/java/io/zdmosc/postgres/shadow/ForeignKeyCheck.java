package io.zdmosc.postgres.shadow;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.spi.BuildStep;
import io.zdmosc.engine.spi.UniqueConflictException;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import io.zdmosc.postgres.sql.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Looks for rows that violate a foreign key which the clause adds, before the swap. The key itself
 * comes only with the swap, so the question is put as a query, with the operators and collations
 * that the server will use.
 *
 * <p>The source's rows are asked wherever the key's values can be computed from them: source and
 * referenced table are seen in one snapshot, so what is found is real. Keys with {@code PERIOD} are
 * left to the validation after the swap.
 */
public final class ForeignKeyCheck implements BuildStep {
  private static final String OPERATORS =
      """
      SELECT p.attname,
             format('OPERATOR(%I.%s)', n.nspname, o.oprname) AS operator,
             CASE WHEN lt.typtype = 'p' THEN '' ELSE '::' || format_type(o.oprleft, NULL) END AS l,
             CASE WHEN rt.typtype = 'p' THEN '' ELSE '::' || format_type(o.oprright, NULL) END
               || CASE WHEN p.attcollation = 0 THEN '' ELSE
                    (SELECT format(' COLLATE %I.%I', cn.nspname, co.collname) FROM pg_collation co
                       JOIN pg_namespace cn ON cn.oid = co.collnamespace
                      WHERE co.oid = p.attcollation) END AS r
        FROM unnest(?::text[], ?::text[]) WITH ORDINALITY AS u(child, parent, number)
        JOIN pg_attribute f ON f.attrelid = ?::oid AND f.attname = u.child
        JOIN pg_type ft ON ft.oid = f.atttypid
        JOIN pg_attribute p ON p.attrelid = ?::oid AND p.attname = u.parent
        JOIN LATERAL (
          SELECT c.opcfamily, c.opcintype FROM pg_index i
            JOIN unnest(i.indkey::int2[], i.indclass::oid[]) AS k(attnum, opclass)
              ON k.attnum = p.attnum
            JOIN pg_opclass c ON c.oid = k.opclass
           WHERE i.indrelid = p.attrelid AND i.indisunique ORDER BY i.indexrelid LIMIT 1) c ON true
        JOIN LATERAL (
          SELECT a.amopopr FROM pg_amop a
           WHERE a.amopfamily = c.opcfamily AND a.amopstrategy = 3
             AND a.amoplefttype = c.opcintype
             AND a.amoprighttype IN (c.opcintype, ft.oid, ft.typbasetype)
           ORDER BY a.amoprighttype <> ft.oid, a.amoprighttype <> ft.typbasetype LIMIT 1) a ON true
        JOIN pg_operator o ON o.oid = a.amopopr
        JOIN pg_type lt ON lt.oid = o.oprleft
        JOIN pg_type rt ON rt.oid = o.oprright
        JOIN pg_namespace n ON n.oid = o.oprnamespace
       ORDER BY u.number\
      """;

  private static final String PRIMARY_KEY =
      """
      SELECT a.attname FROM pg_constraint c, unnest(c.conkey) WITH ORDINALITY AS k(number, place)
        JOIN pg_attribute a ON a.attnum = k.number
       WHERE c.conrelid = ?::oid AND c.contype = 'p' AND a.attrelid = c.conrelid ORDER BY k.place\
      """;

  private record Comparison(String parent, String operator, String left, String right) {}

  private final SessionFactory sessions;
  private final Working working;
  private final ForeignKey key;

  private ForeignKeyCheck(SessionFactory sessions, Working working, ForeignKey key) {
    this.sessions = sessions;
    this.working = working;
    this.key = key;
  }

  /** One for each foreign key that the clause adds and that is to be validated. */
  public static List<BuildStep> steps(SessionFactory sessions, Working working) {
    List<BuildStep> steps = new ArrayList<>();
    for (ForeignKey key : working.spec().foreignKeys()) {
      ForeignKeyCheck check = new ForeignKeyCheck(sessions, working, key);
      if (key.fresh() && key.validate() && !key.period() && check.isPossible()) {
        steps.add(check);
      }
    }
    return steps;
  }

  /** The shadow by itself holds no moment at which its rows could be held against each other. */
  private boolean isPossible() {
    return !isSelf() || isComputed(key.columns()) && isComputed(key.referencedColumns());
  }

  private boolean isSelf() {
    return key.referencedTable() == working.source().table().oid();
  }

  private boolean isComputed(List<String> columns) {
    return columns.stream().map(this::mapped).allMatch(MappedColumn::isCompared);
  }

  private MappedColumn mapped(String column) {
    return working.spec().columns().stream()
        .filter(c -> c.column().name().equals(column))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no column " + column));
  }

  @Override
  public String describe() {
    return "foreign key " + key.name();
  }

  @Override
  public boolean parallel() {
    return false;
  }

  /**
   * Throws {@link UniqueConflictException} when a row violates the key: the row may be right after
   * a while.
   */
  @Override
  public void run(int processes) {
    try (Session session = sessions.open("check")) {
      working.showKeyTypes(session);
      Optional<String> found = violation(session);
      if (found.isPresent()) {
        throw new UniqueConflictException(found.get(), null);
      }
    } catch (SQLException e) {
      throw Failures.failed("checking " + describe(), e);
    }
  }

  private Optional<String> violation(Session session) throws SQLException {
    List<Comparison> comparisons = comparisons(session);
    if (comparisons.size() != key.columns().size()) {
      throw new IllegalStateException("no operators for " + describe());
    }
    String target = isSelf() ? "the table" : referenced(session);
    List<String> columns = comparisons.stream().map(Comparison::parent).toList();
    return session.first(
        query(session, comparisons),
        row ->
            "the row with key "
                + row.getString(1)
                + " refers to ("
                + String.join(", ", columns)
                + ")=("
                + row.getString(2)
                + "), which is not in "
                + target);
  }

  private String query(Session session, List<Comparison> comparisons) throws SQLException {
    List<String> keys = numbered("k", working.identity().columns().size());
    List<String> values = numbered("f", comparisons.size());
    List<String> parents = numbered("r", comparisons.size());
    List<String> equal = new ArrayList<>();
    for (int i = 0; i < comparisons.size(); i++) {
      Comparison c = comparisons.get(i);
      equal.add(
          "p."
              + parents.get(i)
              + c.left()
              + " "
              + c.operator()
              + " c."
              + values.get(i)
              + c.right());
    }
    String present =
        values.stream()
            .map(value -> "c." + value + " IS NOT NULL")
            .collect(Collectors.joining(key.matchFull() ? " OR " : " AND "));
    String shown =
        values.stream()
            .map(value -> "coalesce(c." + value + "::text, 'NULL')")
            .collect(Collectors.joining(", "));
    return "SELECT concat_ws(', ', "
        + keys.stream().map(k -> "c." + k).collect(Collectors.joining(", "))
        + "), concat_ws(', ', "
        + shown
        + ") FROM ("
        + children()
        + ") AS c("
        + String.join(", ", keys)
        + ", "
        + String.join(", ", values)
        + ") WHERE ("
        + present
        + ") AND NOT EXISTS (SELECT FROM ("
        + parents(session, comparisons.stream().map(Comparison::parent).toList())
        + ") AS p("
        + String.join(", ", parents)
        + ") WHERE "
        + String.join(" AND ", equal)
        + ") LIMIT 1";
  }

  private static List<String> numbered(String letter, int count) {
    return IntStream.range(0, count).mapToObj(i -> letter + i).toList();
  }

  private List<Comparison> comparisons(Session session) throws SQLException {
    long parent = isSelf() ? working.shadowOid() : key.referencedTable();
    List<String> columns =
        key.referencedColumns().isEmpty()
            ? session.query(PRIMARY_KEY, row -> row.getString(1), parent)
            : key.referencedColumns();
    return session.query(
        OPERATORS,
        row ->
            new Comparison(row.getString(1), row.getString(2), row.getString(3), row.getString(4)),
        Sql.array(key.columns()),
        Sql.array(columns),
        working.shadowOid(),
        parent);
  }

  /** The key's values with the keys of their rows. */
  private String children() {
    if (isComputed(key.columns())) {
      return fromSource(working.keys().sourceTexts() + ", ", key.columns());
    }
    return "SELECT "
        + working.keys().shadowTexts("s")
        + ", "
        + key.columns().stream()
            .map(column -> "s." + name(column))
            .collect(Collectors.joining(", "))
        + " FROM "
        + working.shadowSql()
        + " AS s";
  }

  private String parents(Session session, List<String> columns) throws SQLException {
    if (isSelf()) {
      return fromSource("", columns);
    }
    boolean partitioned =
        session.test(
            "SELECT relkind = 'p' FROM pg_class WHERE oid = ?::oid", key.referencedTable());
    return "SELECT "
        + Sql.names(columns)
        + " FROM "
        + (partitioned ? "" : "ONLY ")
        + referenced(session);
  }

  private String fromSource(String first, List<String> columns) {
    return "SELECT "
        + first
        + columns.stream()
            .map(column -> mapped(column).typedExpression())
            .collect(Collectors.joining(", "))
        + " FROM "
        + working.sourceSql()
        + " AS "
        + working.keys().alias();
  }

  private String referenced(Session session) throws SQLException {
    return session
        .text(
            "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c"
                + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ?::oid",
            key.referencedTable())
        .orElseThrow(() -> new IllegalStateException("a referenced table is gone"));
  }
}
