package io.zdmosc.postgres.owned;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.postgres.catalog.Catalog;
import io.zdmosc.postgres.catalog.ColumnInfo;
import io.zdmosc.postgres.shadow.MappedColumn;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Empty tables with the columns of the source and of its partitions as they are, each under its
 * name in a schema of its own. What mentions those is made on these; then columns and tables get
 * the names that the change gives them, and the server says how the things read with these. Types
 * stay as they were, since the server would not change one that a trigger or a policy looks at.
 */
public final class Twins {
  private static final String PRIMARY_KEY =
      """
      SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.place)
        FROM pg_index i
       CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
       WHERE i.indrelid = ?::oid AND i.indisprimary AND k.place <= i.indnkeyatts\
      """;

  private final Session session;
  private final OwnedContext context;
  private final List<OwningTable> tables;

  private Twins(OwnedContext context, List<OwningTable> tables) {
    this.session = context.session();
    this.context = context;
    this.tables = List.copyOf(tables);
  }

  /** Work on twins. */
  @FunctionalInterface
  interface Work<T> {
    T run(Twins twins) throws SQLException;
  }

  /** Makes them, and leaves nothing of them and of what was done with them. */
  static <T> T with(OwnedContext context, List<OwningTable> tables, Work<T> work)
      throws SQLException {
    Savepoint none = context.session().connection().setSavepoint();
    try {
      return work.run(of(context, tables));
    } finally {
      context.session().rollbackTo(none);
    }
  }

  /** Makes them in the transaction that is under way, where there are none yet. */
  public static Twins of(OwnedContext context, List<OwningTable> tables) throws SQLException {
    Twins twins = new Twins(context, tables);
    for (OwningTable each : tables) {
      twins.create(each);
    }
    return twins;
  }

  private void create(OwningTable table) throws SQLException {
    TableName twin = before(table);
    session.execute("CREATE SCHEMA " + name(twin.schema()));
    session.execute("CREATE TABLE " + twin.sql() + " (LIKE " + table.source().sql() + ")");
    Optional<String> key = session.text(PRIMARY_KEY, table.oid());
    if (key.isPresent()) {
      // queries may group by it and read the other columns all the same
      session.execute("ALTER TABLE " + twin.sql() + " ADD PRIMARY KEY (" + key.get() + ")");
    }
  }

  private TableName before(OwningTable table) {
    return new TableName(schema(table), table.source().name());
  }

  private TableName after(OwningTable table) {
    return new TableName(schema(table), table.served().name());
  }

  private String schema(OwningTable table) {
    return context.spec().table().schema() + "_twin" + table.number();
  }

  /** By the tables' names, until {@link #rename}. */
  public Map<TableName, TableName> names() {
    Map<TableName, TableName> names = new LinkedHashMap<>();
    tables.forEach(table -> names.put(table.source(), before(table)));
    return names;
  }

  /** By what the twins are called from {@link #rename} on, what the tables are to be called. */
  public Map<TableName, TableName> servedNames() {
    Map<TableName, TableName> names = new LinkedHashMap<>();
    tables.forEach(table -> names.put(after(table), table.served()));
    return names;
  }

  /** By the tables' oids, until {@link #rename}. */
  public Map<Long, Long> oids() throws SQLException {
    Map<Long, Long> oids = new LinkedHashMap<>();
    for (OwningTable table : tables) {
      oids.put(table.oid(), oid(table));
    }
    return oids;
  }

  /** Of a table's twin, until {@link #rename}. */
  long oid(OwningTable table) throws SQLException {
    return new Catalog(session).resolve(before(table).sql()).orElseThrow();
  }

  /** Runs what the server has written about the tables. */
  void make(String definition) throws SQLException {
    session.execute(TableName.replaced(names(), definition));
  }

  /** What the server has written about the renamed twins, said of the tables that are to serve. */
  String served(String definition) {
    return TableName.replaced(servedNames(), definition);
  }

  /** Gives them the names that the change gives the tables. */
  public void rename() throws SQLException {
    for (OwningTable table : tables) {
      rename(table);
    }
  }

  private void rename(OwningTable table) throws SQLException {
    TableName twin = before(table);
    Map<String, String> renames = new LinkedHashMap<>();
    for (ColumnInfo column : context.source().columns()) {
      Optional<MappedColumn> continuing = context.spec().continuing(column.number());
      if (continuing.isEmpty()) {
        drop(twin, column);
      } else if (!continuing.get().column().name().equals(column.name())) {
        // two may have each other's names
        String between = "zdm_between_" + column.number();
        renameColumn(twin, column.name(), between);
        renames.put(between, continuing.get().column().name());
      }
    }
    for (Map.Entry<String, String> each : renames.entrySet()) {
      renameColumn(twin, each.getKey(), each.getValue());
    }
    if (!after(table).equals(twin)) {
      session.execute(twin.renamed(table.served().name()));
    }
  }

  /** What goes by the places of columns is written with those that are left. */
  private void drop(TableName twin, ColumnInfo column) throws SQLException {
    Savepoint before = session.connection().setSavepoint();
    try {
      session.execute("ALTER TABLE " + twin.sql() + " DROP COLUMN " + name(column.name()));
    } catch (SQLException e) {
      // as a part of a key by which something groups: that is tried without it on the template
      session.rollbackTo(before);
      renameColumn(twin, column.name(), "zdm_dropped_" + column.number());
    }
  }

  private void renameColumn(TableName twin, String from, String to) throws SQLException {
    session.execute(
        "ALTER TABLE " + twin.sql() + " RENAME COLUMN " + name(from) + " TO " + name(to));
  }
}
