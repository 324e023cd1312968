package io.zdmosc.postgres.owned;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.postgres.catalog.Catalog;
import io.zdmosc.postgres.catalog.ColumnInfo;
import io.zdmosc.postgres.shadow.MappedColumn;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An empty table with the columns of the source or of one of its partitions, under its name in a
 * schema of its own. What hangs on that is made on it too; then its columns and itself get the
 * names that the change gives them, and the server says how the things read with these. Types stay
 * as they were, since the server would not change one that a trigger or a policy looks at.
 */
final class Twin {
  private final Session session;
  private final OwnedContext context;
  private final OwningTable of;
  private final TableName before;
  private final TableName after;

  private Twin(OwnedContext context, OwningTable of) {
    this.session = context.session();
    this.context = context;
    this.of = of;
    String schema = context.spec().table().schema() + "_twin";
    this.before = new TableName(schema, of.source().name());
    this.after = new TableName(schema, of.served().name());
  }

  /** Work on a twin. */
  @FunctionalInterface
  interface Work<T> {
    T run(Twin twin) throws SQLException;
  }

  /** Makes one, and leaves nothing of it and of what was done with it. */
  static <T> T with(OwnedContext context, OwningTable of, Work<T> work) throws SQLException {
    Savepoint none = context.session().connection().setSavepoint();
    try {
      Twin twin = new Twin(context, of);
      twin.create();
      return work.run(twin);
    } finally {
      context.session().rollbackTo(none);
    }
  }

  private void create() throws SQLException {
    session.execute("CREATE SCHEMA " + name(before.schema()));
    session.execute("CREATE TABLE " + before.sql() + " (LIKE " + of.source().sql() + ")");
  }

  long oid() throws SQLException {
    return new Catalog(session).resolve(before.sql()).orElseThrow();
  }

  /** Runs what the server has written about the table. */
  void make(String definition) throws SQLException {
    session.execute(of.source().replacedBy(before, definition));
  }

  /** Gives it the names that the change gives the source. */
  void rename() throws SQLException {
    Map<String, String> renames = new LinkedHashMap<>();
    for (ColumnInfo column : context.source().columns()) {
      String renamed =
          context
              .spec()
              .continuing(column.number())
              .map(MappedColumn::column)
              .map(ColumnInfo::name)
              .orElse("zdm_dropped_" + column.number());
      if (!renamed.equals(column.name())) {
        String between = "zdm_between_" + column.number();
        renameColumn(column.name(), between);
        renames.put(between, renamed);
      }
    }
    for (Map.Entry<String, String> each : renames.entrySet()) {
      renameColumn(each.getKey(), each.getValue());
    }
    if (!after.equals(before)) {
      session.execute(before.renamed(after.name()));
    }
  }

  private void renameColumn(String from, String to) throws SQLException {
    session.execute(
        "ALTER TABLE " + before.sql() + " RENAME COLUMN " + name(from) + " TO " + name(to));
  }

  /** What the server has written about the renamed twin, said of the table that is to serve. */
  String served(String definition) {
    return after.replacedBy(of.served(), definition);
  }
}
