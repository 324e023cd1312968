package io.zdmosc.postgres.shadow;

import io.zdmosc.postgres.catalog.IndexPartsSql;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what partitions have set for their parts of indexes. */
final class IndexParts {
  /** Each part with the index that is no part itself; without those that partitions have made. */
  private static final String PARTS =
      IndexPartsSql.UP
          + """
           , parts AS (
             SELECT p.relname AS partition, w.relname AS whole, a.oid, a.relname, a.relkind,
                    a.reloptions, a.reltablespace, x.indisclustered, x.indisreplident,
                    d.reloptions AS given, w.reltablespace AS place
               FROM up JOIN pg_class p ON p.oid = up.indrelid JOIN pg_class w ON w.oid = up.above
               JOIN pg_class a ON a.oid = up.part JOIN pg_index x ON x.indexrelid = a.oid
               JOIN pg_inherits h ON h.inhrelid = a.oid
               JOIN pg_index v ON v.indexrelid = h.inhparent AND v.indisvalid
               JOIN pg_class d ON d.oid = h.inhparent
              WHERE\040"""
          + IndexPartsSql.IS_WHOLE
          + ")\n";

  /** A partitioned index cannot be given options: where they differ, that is refused. */
  private static final String SETTINGS =
      PARTS
          + """
      SELECT a.partition, a.whole, v.before, v.after
        FROM parts a
       CROSS JOIN LATERAL (
               SELECT 1, 'ALTER INDEX ', ' RESET (' ||
                      (SELECT string_agg(quote_ident(split_part(o, '=', 1)), ', ')
                         FROM unnest(a.given) AS o) || ')'
                WHERE a.relkind = 'i' AND a.given IS NOT NULL
                  AND a.reloptions IS DISTINCT FROM a.given
               UNION ALL SELECT 2, 'ALTER INDEX ', ' SET (' ||
                      (SELECT string_agg(format('%I = %L', split_part(o, '=', 1),
                                         substr(o, strpos(o, '=') + 1)), ', ')
                         FROM unnest(a.reloptions) AS o) || ')'
                WHERE a.relkind = 'i' AND a.reloptions IS NOT NULL
                  AND a.reloptions IS DISTINCT FROM a.given
               UNION ALL SELECT 3, 'ALTER INDEX ', ' SET TABLESPACE ' || quote_ident(s.spcname)
                 FROM pg_tablespace s
                WHERE a.reltablespace <> a.place
                  AND s.oid = CASE WHEN a.reltablespace <> 0 THEN a.reltablespace ELSE
                        (SELECT dattablespace FROM pg_database WHERE datname = current_database())
                        END
               UNION ALL SELECT 4, 'COMMENT ON INDEX ', ' IS ' || quote_literal(d.comment)
                 FROM (SELECT obj_description(a.oid, 'pg_class') AS comment) AS d
                WHERE d.comment IS NOT NULL
               UNION ALL SELECT 5, 'ALTER INDEX ',
                      format(' ALTER COLUMN %s SET STATISTICS %s', c.attnum, c.attstattarget)
                 FROM pg_attribute c WHERE c.attrelid = a.oid AND c.attstattarget >= 0
               UNION ALL SELECT 6, 'ALTER INDEX ', format(' DEPENDS ON EXTENSION %I', e.extname)
                 FROM pg_depend x JOIN pg_extension e ON e.oid = x.refobjid
                WHERE x.classid = 'pg_class'::regclass AND x.objid = a.oid
                  AND x.refclassid = 'pg_extension'::regclass AND x.deptype = 'x'
               UNION ALL SELECT 7, NULL, 'clustered' WHERE a.indisclustered
               UNION ALL SELECT 8, NULL, 'identity' WHERE a.indisreplident) AS v (place, before, after)
       ORDER BY a.oid, v.place, v.after\
      """;

  private static final String NAMES = PARTS + "SELECT partition, whole, relname FROM parts";

  private final Session session;

  IndexParts(Session session) {
    this.session = session;
  }

  /** Which part of which index. */
  record Place(String partition, String whole) {}

  private record Row(Place place, String before, String after) {
    boolean isMark(String mark) {
      return before == null && after.equals(mark);
    }
  }

  /** Those with something of their own, of a table's partitions of all levels. */
  List<IndexPart> read(long table) throws SQLException {
    Map<Place, List<Row>> rows = new LinkedHashMap<>();
    session
        .query(
            SETTINGS,
            row ->
                new Row(
                    new Place(row.getString(1), row.getString(2)),
                    row.getString(3),
                    row.getString(4)),
            table)
        .forEach(row -> rows.computeIfAbsent(row.place(), place -> new ArrayList<>()).add(row));
    List<IndexPart> parts = new ArrayList<>();
    rows.forEach(
        (place, each) ->
            parts.add(
                new IndexPart(
                    place.partition(),
                    place.whole(),
                    each.stream()
                        .filter(row -> row.before() != null)
                        .map(row -> new IndexPart.Setting(row.before(), row.after()))
                        .toList(),
                    each.stream().anyMatch(row -> row.isMark("clustered")),
                    each.stream().anyMatch(row -> row.isMark("identity")))));
    return parts;
  }

  /** The names of all parts. */
  Map<Place, String> names(long table) throws SQLException {
    Map<Place, String> names = new HashMap<>();
    session
        .query(
            NAMES,
            row -> Map.entry(new Place(row.getString(1), row.getString(2)), row.getString(3)),
            table)
        .forEach(entry -> names.put(entry.getKey(), entry.getValue()));
    return names;
  }
}
