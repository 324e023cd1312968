package io.zdmosc.postgres.shadow;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.postgres.catalog.Catalog;
import io.zdmosc.postgres.catalog.IndexInfo;
import io.zdmosc.postgres.catalog.IndexPartsSql;
import io.zdmosc.postgres.catalog.TableInfo;
import io.zdmosc.postgres.partition.Partition;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gives the template's partitions what the old ones have by themselves, before the clause is run:
 * so the server changes that, too, as it does in an {@code ALTER TABLE} of the whole table.
 */
final class PartitionSettings {
  /** From above, so that what a statement does to the parts of a partition is set right by them. */
  private static final String COLUMNS =
      """
      SELECT format('ALTER COLUMN %I %s', a.attname, v.action)
        FROM pg_attribute a
        JOIN pg_attribute b ON b.attrelid = ?::oid AND b.attname = a.attname
         AND NOT b.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        LEFT JOIN pg_attrdef e ON e.adrelid = b.attrelid AND e.adnum = b.attnum
       CROSS JOIN LATERAL (VALUES
         (1, CASE WHEN a.attgenerated = '' AND pg_get_expr(d.adbin, d.adrelid)
                       IS DISTINCT FROM pg_get_expr(e.adbin, e.adrelid)
             THEN coalesce('SET DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), 'DROP DEFAULT') END),
         (2, CASE WHEN a.attnotnull AND NOT b.attnotnull
                   AND current_setting('server_version_num')::int < 180000
             THEN 'SET NOT NULL' END),
         (3, CASE WHEN coalesce(a.attstattarget, -1) <> coalesce(b.attstattarget, -1)
             THEN 'SET STATISTICS ' || coalesce(a.attstattarget, -1) END),
         (4, CASE WHEN a.attstorage <> b.attstorage
             THEN 'SET STORAGE ' || CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL'
                                      WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END),
         (5, CASE WHEN a.attcompression <> b.attcompression
             THEN 'SET COMPRESSION ' || CASE a.attcompression WHEN 'p' THEN 'pglz'
                                          WHEN 'l' THEN 'lz4' ELSE 'default' END END),
         (6, CASE WHEN a.attoptions IS DISTINCT FROM b.attoptions AND b.attoptions IS NOT NULL
             THEN 'RESET (' || (SELECT string_agg(quote_ident(split_part(o, '=', 1)), ', ')
                                  FROM unnest(b.attoptions) AS o) || ')' END),
         (7, CASE WHEN a.attoptions IS DISTINCT FROM b.attoptions AND a.attoptions IS NOT NULL
             THEN 'SET (' || (SELECT string_agg(format('%I = %L', split_part(o, '=', 1),
                                                substr(o, strpos(o, '=') + 1)), ', ')
                                FROM unnest(a.attoptions) AS o) || ')' END))
         AS v(place, action)
       WHERE a.attrelid = ?::oid AND a.attnum > 0 AND NOT a.attisdropped AND v.action IS NOT NULL
       ORDER BY a.attnum, v.place\
      """;

  private static final String CONSTRAINTS =
      """
      SELECT format('ADD CONSTRAINT %I %s', conname, pg_get_constraintdef(oid)) FROM pg_constraint
       WHERE conrelid = ?::oid AND contype IN ('c', 'n') AND coninhcount = 0
       ORDER BY conname\
      """;

  /** What the table has not, a NOT NULL by its column: it may have another name there. */
  private static final String VALIDATED =
      """
      SELECT format('VALIDATE CONSTRAINT %I', b.conname)
        FROM pg_constraint a JOIN pg_constraint b ON b.conrelid = ?::oid AND b.contype = a.contype
       WHERE a.conrelid = ?::oid AND a.contype IN ('c', 'n') AND a.coninhcount > 0
         AND a.convalidated AND NOT b.convalidated
         AND CASE a.contype WHEN 'c' THEN a.conname = b.conname
               ELSE (SELECT attname FROM pg_attribute WHERE attrelid = a.conrelid
                        AND attnum = a.conkey[1])
                    = (SELECT attname FROM pg_attribute WHERE attrelid = b.conrelid
                          AND attnum = b.conkey[1]) END
       ORDER BY b.conname\
      """;

  /** An index comes to be it when it is there. */
  private static final String REPLICA_IDENTITY =
      """
      SELECT 'REPLICA IDENTITY ' || CASE relreplident WHEN 'f' THEN 'FULL' ELSE 'NOTHING' END
        FROM pg_class c
       WHERE oid = ?::oid AND (relreplident IN ('f', 'n') OR relreplident = 'i' AND NOT EXISTS (
               SELECT FROM pg_index WHERE indrelid = c.oid AND indisreplident))\
      """;

  private static final String COMMENTS =
      """
      SELECT format('COLUMN %s.%I IS %L', t.sql, attname, col_description(t.oid, attnum))
        FROM pg_attribute, (SELECT ?::oid AS oid, ?::text AS sql) AS t
       WHERE attrelid = t.oid AND attnum > 0 AND NOT attisdropped
         AND col_description(t.oid, attnum) IS NOT NULL
      UNION ALL
      SELECT format('CONSTRAINT %I ON %s IS %L', conname, t.sql, obj_description(c.oid, 'pg_constraint'))
        FROM pg_constraint c, (SELECT ?::oid AS oid, ?::text AS sql) AS t
       WHERE conrelid = t.oid AND (contype = 'c' OR contype = 'n' AND coninhcount = 0)
         AND obj_description(c.oid, 'pg_constraint') IS NOT NULL\
      """;

  /** Those that a partition has from its table are not valid as long as that one's are not. */
  private static final String LATE =
      """
      SELECT oid::bigint FROM pg_constraint
       WHERE conrelid = ?::oid AND contype IN ('c', 'n') AND coninhcount = 0 AND NOT convalidated\
      """;

  private static final String OWN_INDEXES =
      "SELECT indexrelid::bigint FROM pg_index i WHERE indrelid = ?::oid AND "
          + IndexPartsSql.IS_OWN;

  private static final String WHOLE =
      "SELECT c.relname FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhparent"
          + " WHERE h.inhrelid = ?::oid";

  private final Session session;
  private final Catalog catalog;
  private final List<Partition> partitions;
  private final TableInfo source;
  private final String template;
  private final String schema;
  private final List<Made> made = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /**
   * @param source the whole table
   * @param template its empty copy, as SQL has it
   * @param schema of the template
   */
  PartitionSettings(
      Session session,
      List<Partition> partitions,
      TableInfo source,
      String template,
      String schema) {
    this.session = session;
    this.catalog = new Catalog(session);
    this.partitions = partitions;
    this.source = source;
    this.template = template;
    this.schema = schema;
  }

  /**
   * What partitions have by themselves once the clause has run.
   *
   * @param parts of indexes that are not theirs
   * @param late what is not valid
   * @param notes what is left behind, in words
   */
  record Left(
      List<PartitionIndex> indexes,
      List<IndexPart> parts,
      List<PartitionConstraint> late,
      List<String> notes) {
    static final Left NOTHING = new Left(List.of(), List.of(), List.of(), List.of());
  }

  /** An index on the template, under a name that nothing of the server's choice can have. */
  private record Made(String partition, String name, String present) {}

  /** Does it; what it does not know, the partitions still lack afterwards. */
  void apply() throws SQLException {
    for (Partition partition : partitions) {
      String sqlName = name(schema, partition.name());
      long copy = catalog.resolve(sqlName).orElseThrow();
      long old = partition.source();
      List<String> actions = new ArrayList<>(texts(COLUMNS, copy, old));
      actions.addAll(texts(CONSTRAINTS, old));
      actions.addAll(texts(VALIDATED, copy, old));
      actions.addAll(texts(REPLICA_IDENTITY, old));
      for (String action : actions) {
        session.execute("ALTER TABLE " + sqlName + " " + action);
      }
      for (String comment : texts(COMMENTS, old, sqlName, old, sqlName)) {
        session.execute("COMMENT ON " + comment);
      }
      for (IndexInfo index : own(old)) {
        if (index.canBeCarried()) {
          create(index, partition, sqlName);
        } else {
          notes.add(
              "index "
                  + index.name()
                  + " of partition "
                  + partition.name()
                  + " is invalid and is not carried over");
        }
      }
    }
    setParts();
  }

  /** What the whole table's indexes do not have; those that are left behind have no part here. */
  private void setParts() throws SQLException {
    IndexParts parts = new IndexParts(session);
    Map<IndexParts.Place, String> names = parts.names(catalog.resolve(template).orElseThrow());
    for (IndexPart part : parts.read(source.oid())) {
      String index = names.get(new IndexParts.Place(part.partition(), present(part.whole())));
      if (index != null) {
        for (String statement : part.statements(schema, part.partition(), index)) {
          session.execute(statement);
        }
      }
    }
  }

  private List<IndexPart> parts() throws SQLException {
    List<IndexPart> parts = new ArrayList<>();
    for (IndexPart part : new IndexParts(session).read(catalog.resolve(template).orElseThrow())) {
      parts.add(part.ofWhole(madeOf(part.whole())));
    }
    return parts;
  }

  private List<String> texts(String query, Object... parameters) throws SQLException {
    return session.query(query, row -> row.getString(1), parameters);
  }

  private List<IndexInfo> own(long table) throws SQLException {
    List<Long> own = session.query(OWN_INDEXES, row -> row.getLong(1), table);
    return catalog.indexes(table).stream().filter(index -> own.contains(index.oid())).toList();
  }

  private void create(IndexInfo index, Partition partition, String sqlName) throws SQLException {
    String present = "zdm_own_" + made.size();
    for (String statement : IndexSql.whole(index, sqlName, schema, present)) {
      session.execute(statement);
    }
    Optional<String> whole = session.text(WHOLE, index.oid());
    if (whole.isPresent()) {
      session.execute(IndexSql.join(name(schema, present(whole.get())), name(schema, present)));
    }
    made.add(new Made(partition.name(), index.name(), present));
  }

  /** The name on the template of an index of the table, or of one that a partition has. */
  private String present(String index) {
    return made.stream()
        .filter(each -> each.name().equals(index))
        .map(Made::present)
        .findFirst()
        .orElse(index);
  }

  /** The other way round. */
  private String madeOf(String present) {
    return made.stream()
        .filter(each -> each.present().equals(present))
        .map(Made::name)
        .findFirst()
        .orElse(present);
  }

  /** What the clause has left of it. */
  Left left() throws SQLException {
    List<PartitionConstraint> late = new ArrayList<>();
    for (Partition partition : partitions) {
      long copy = catalog.resolve(name(schema, partition.name())).orElseThrow();
      List<Long> own = session.query(LATE, row -> row.getLong(1), copy);
      if (!own.isEmpty()) {
        catalog.constraints(copy).stream()
            .filter(constraint -> own.contains(constraint.oid()))
            .forEach(each -> late.add(new PartitionConstraint(partition.name(), each)));
      }
    }
    return new Left(indexes(), parts(), late, notes);
  }

  private List<PartitionIndex> indexes() throws SQLException {
    List<PartitionIndex> left = new ArrayList<>();
    for (Made each : made) {
      long partition = catalog.resolve(name(schema, each.partition())).orElseThrow();
      // one that the clause has made a part of the whole table's is none of its own any more
      for (IndexInfo index : own(partition)) {
        if (index.name().equals(each.present())) {
          String whole = session.text(WHOLE, index.oid()).map(this::madeOf).orElse(null);
          left.add(new PartitionIndex(each.partition(), each.name(), index, whole));
        }
      }
    }
    return left;
  }
}
