package io.zdmosc.postgres.owned.dependent;

import static io.zdmosc.postgres.sql.Sql.name;
import static io.zdmosc.postgres.sql.Sql.names;

import io.zdmosc.postgres.catalog.ColumnInfo;
import io.zdmosc.postgres.catalog.IndexInfo;
import io.zdmosc.postgres.owned.OwnedContext;
import io.zdmosc.postgres.shadow.MappedColumn;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An empty copy of the table as it is, on which the server renames what the change renames. What
 * has been defined on it before can be read with the new names after.
 */
final class RenamedCopy {
  private final Session session;
  private final OwnedContext context;
  private final String schema;

  RenamedCopy(OwnedContext context, String schema) {
    this.session = context.session();
    this.context = context;
    this.schema = schema;
  }

  /** Makes it, under the table's own name. */
  RelationName create() throws SQLException {
    RelationName before = new RelationName(schema, context.source().table().name());
    session.execute("CREATE SCHEMA " + name(schema));
    session.execute(
        "CREATE TABLE " + before.sql() + " (LIKE " + context.source().table().sqlName() + ")");
    Optional<IndexInfo> primary =
        context.source().indexes().stream().filter(IndexInfo::primary).findFirst();
    if (primary.isPresent()) {
      // queries may group by it and read the other columns all the same
      List<String> key =
          primary.get().keyColumns().stream()
              .map(number -> context.source().column(number).name())
              .toList();
      session.execute("ALTER TABLE " + before.sql() + " ADD PRIMARY KEY (" + names(key) + ")");
    }
    return before;
  }

  /** Renames columns and table; its name from then on. */
  RelationName rename() throws SQLException {
    RelationName before = new RelationName(schema, context.source().table().name());
    List<String> second = new ArrayList<>();
    for (ColumnInfo column : context.source().columns()) {
      Optional<String> now =
          context
              .spec()
              .continuing(column.number())
              .map(MappedColumn::column)
              .map(ColumnInfo::name);
      if (!now.equals(Optional.of(column.name()))) {
        // two may have each other's names
        String between = "zdm_column_" + column.number();
        renameColumn(before, column.name(), between);
        now.ifPresent(to -> second.add(between));
        if (now.isPresent()) {
          second.add(now.get());
        }
      }
    }
    for (int i = 0; i < second.size(); i += 2) {
      renameColumn(before, second.get(i), second.get(i + 1));
    }
    RelationName after = new RelationName(schema, context.spec().finalName());
    if (!after.equals(before)) {
      session.execute("ALTER TABLE " + before.sql() + " RENAME TO " + name(after.name()));
    }
    return after;
  }

  private void renameColumn(RelationName table, String from, String to) throws SQLException {
    session.execute(
        "ALTER TABLE " + table.sql() + " RENAME COLUMN " + name(from) + " TO " + name(to));
  }
}
