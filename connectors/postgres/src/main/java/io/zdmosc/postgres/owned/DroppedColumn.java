package io.zdmosc.postgres.owned;

import io.zdmosc.postgres.sql.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A column that the change drops.
 *
 * @param table the one that is changed, or a partition of it
 * @param name of the column
 */
public record DroppedColumn(TableName table, String name) {
  private static final String QUERY =
      """
      SELECT DISTINCT d.refobjid::bigint, a.attname FROM pg_depend d
        JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
       WHERE d.classid = ?::regclass AND d.objid = ?::oid
         AND d.refclassid = 'pg_class'::regclass AND d.refobjid = ANY (?::oid[])
         AND a.attnum > 0 AND a.attname <> ALL (?::text[])
       ORDER BY 1, 2\
      """;

  /**
   * Those that something uses by name.
   *
   * @param catalog the one that has it
   * @param oid its own in there
   */
  public static List<DroppedColumn> usedBy(OwnedContext context, String catalog, long oid)
      throws SQLException {
    Map<Long, TableName> tables = new LinkedHashMap<>();
    context.tables().forEach(table -> tables.put(table.oid(), table.source()));
    // by their names: a partition may count its columns otherwise
    List<String> kept =
        context.source().columns().stream()
            .filter(column -> context.spec().continuing(column.number()).isPresent())
            .map(column -> column.name())
            .toList();
    return context
        .session()
        .query(
            QUERY,
            row -> new DroppedColumn(tables.get(row.getLong(1)), row.getString(2)),
            catalog,
            oid,
            Sql.array(tables.keySet().stream().map(String::valueOf).toList()),
            Sql.array(kept));
  }

  /** In words, quoted: {@code column "a", "b" of "s"."t"}. */
  public static String words(List<DroppedColumn> columns) {
    Map<TableName, List<String>> names = new LinkedHashMap<>();
    for (DroppedColumn each : columns) {
      names.computeIfAbsent(each.table(), table -> new ArrayList<>()).add(each.name());
    }
    return String.join(
        " and ",
        names.entrySet().stream()
            .map(each -> "column " + Sql.names(each.getValue()) + " of " + each.getKey().sql())
            .toList());
  }
}
