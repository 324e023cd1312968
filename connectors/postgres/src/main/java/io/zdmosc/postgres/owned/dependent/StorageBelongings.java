package io.zdmosc.postgres.owned.dependent;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.postgres.catalog.Catalog;
import io.zdmosc.postgres.catalog.IndexInfo;
import io.zdmosc.postgres.owned.ExtendedStatistics;
import io.zdmosc.postgres.shadow.IndexSql;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a materialized view has because it keeps rows: settings of its columns, indexes, extended
 * statistics. Indexes and statistics have names of their own, which are exchanged with the view's.
 */
final class StorageBelongings {
  private static final String SETTINGS =
      """
      SELECT format('ALTER MATERIALIZED VIEW %s ALTER COLUMN %I SET %s', ?::text, a.attname, s.words)
        FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid
        CROSS JOIN LATERAL (VALUES
               (CASE WHEN a.attstattarget >= 0 THEN format('STATISTICS %s', a.attstattarget) END),
               (CASE WHEN a.attoptions IS NOT NULL
                     THEN '(' || array_to_string(a.attoptions, ', ') || ')' END),
               (CASE WHEN a.attstorage <> y.typstorage
                     THEN 'STORAGE ' || CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN
                          'EXTERNAL' WHEN 'x' THEN 'EXTENDED' ELSE 'MAIN' END END),
               (CASE a.attcompression WHEN 'p' THEN 'COMPRESSION pglz'
                                      WHEN 'l' THEN 'COMPRESSION lz4' END)) AS s(words)
       WHERE a.attrelid = ?::oid AND a.attnum > 0 AND s.words IS NOT NULL
       ORDER BY a.attnum, s.words\
      """;

  private static final String EXTENSIONS =
      """
      SELECT format('ALTER MATERIALIZED VIEW %s DEPENDS ON EXTENSION %I', ?::text, e.extname)
        FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
       WHERE d.classid = 'pg_class'::regclass AND d.objid = ?::oid AND d.deptype = 'x'
         AND d.refclassid = 'pg_extension'::regclass
       ORDER BY 1\
      """;

  private final Session session;
  private final ViewInfo view;
  private final String prefix;
  private final List<IndexInfo> indexes;
  private final List<ExtendedStatistics> statistics;

  /**
   * @param prefix of the names that indexes and statistics have while the view does not serve
   */
  StorageBelongings(Session session, ViewInfo view, String prefix) throws SQLException {
    this.session = session;
    this.view = view;
    this.prefix = prefix;
    this.indexes =
        view.isMaterialized()
            ? new Catalog(session).indexes(view.oid()).stream().filter(IndexInfo::valid).toList()
            : List.of();
    this.statistics =
        view.isMaterialized() ? ExtendedStatistics.of(session, view.oid()) : List.of();
  }

  /** Statements that give all of it to one of this name, which stands beside the view. */
  List<String> give(RelationName to) throws SQLException {
    List<String> statements = new ArrayList<>();
    if (!view.isMaterialized()) {
      return statements;
    }
    statements.addAll(texts(SETTINGS, to));
    statements.addAll(texts(EXTENSIONS, to));
    for (int i = 0; i < indexes.size(); i++) {
      String aside = prefix + index(i);
      statements.add(IndexSql.create(indexes.get(i), to.sql(), aside));
      statements.addAll(IndexSql.settings(indexes.get(i), to.schema(), aside));
      if (indexes.get(i).clustered()) {
        statements.add("ALTER MATERIALIZED VIEW " + to.sql() + " CLUSTER ON " + name(aside));
      }
    }
    for (int i = 0; i < statistics.size(); i++) {
      for (String statement : statistics.get(i).under(prefix + statistics(i))) {
        statements.add(NamesInSql.replace(statement, Map.of(view.name(), to)));
      }
    }
    return statements;
  }

  /** Statements that rename indexes and statistics of the view that serves out of the way. */
  List<String> aside(String to) {
    List<String> statements = new ArrayList<>();
    for (int i = 0; i < indexes.size(); i++) {
      statements.add(renamed(indexes.get(i).name(), to + index(i)));
    }
    for (int i = 0; i < statistics.size(); i++) {
      ExtendedStatistics each = statistics.get(i);
      statements.add(each.rename(each.name(), to + statistics(i)));
    }
    return statements;
  }

  /** Statements that give them their names, which they had under this prefix until then. */
  List<String> serving(String from) {
    List<String> statements = new ArrayList<>();
    for (int i = 0; i < indexes.size(); i++) {
      statements.add(renamed(from + index(i), indexes.get(i).name()));
    }
    for (int i = 0; i < statistics.size(); i++) {
      ExtendedStatistics each = statistics.get(i);
      statements.add(each.rename(from + statistics(i), each.name()));
    }
    return statements;
  }

  private String renamed(String from, String to) {
    return "ALTER INDEX " + name(view.name().schema(), from) + " RENAME TO " + name(to);
  }

  private static String index(int number) {
    return "i" + number;
  }

  private static String statistics(int number) {
    return "s" + number;
  }

  private List<String> texts(String query, RelationName to) throws SQLException {
    return session.query(query, row -> row.getString(1), to.sql(), view.oid());
  }
}
