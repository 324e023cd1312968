package io.zdmosc.mysql.foreignkey;

import io.zdmosc.mysql.sql.QualifiedName;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The foreign keys of a table and those to it, as far as the user sees the tables.
 *
 * @param own also those to the table itself
 * @param incoming of other tables
 */
public record TableKeys(List<ForeignKey> own, List<ForeignKey> incoming) {
  private static final String KEYS =
      """
      SELECT k.CONSTRAINT_NAME, k.TABLE_SCHEMA, k.TABLE_NAME, k.COLUMN_NAME,
             k.REFERENCED_TABLE_SCHEMA, k.REFERENCED_TABLE_NAME, k.REFERENCED_COLUMN_NAME,
             r.DELETE_RULE, r.UPDATE_RULE
        FROM information_schema.KEY_COLUMN_USAGE k
        JOIN information_schema.REFERENTIAL_CONSTRAINTS r
          ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME
         AND r.TABLE_NAME = k.TABLE_NAME
       WHERE %s
       ORDER BY k.TABLE_SCHEMA, k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION\
      """;

  /** With the names said for both views: MariaDB looks through all tables for one without. */
  private static final String OWN =
      KEYS.formatted(
          "k.TABLE_SCHEMA = ? AND k.TABLE_NAME = ? AND k.REFERENCED_TABLE_NAME IS NOT NULL"
              + " AND r.CONSTRAINT_SCHEMA = ? AND r.TABLE_NAME = ?");

  private static final String INCOMING =
      KEYS.formatted("k.REFERENCED_TABLE_SCHEMA = ? AND k.REFERENCED_TABLE_NAME = ?");

  public static final TableKeys NONE = new TableKeys(List.of(), List.of());

  public TableKeys {
    own = List.copyOf(own);
    incoming = List.copyOf(incoming);
  }

  public static TableKeys read(Session session, QualifiedName table) throws SQLException {
    return new TableKeys(
        own(session, table),
        session.server().mariaDb()
            ? ofChildren(session, table)
            : keys(session, INCOMING, table.schema(), table.name()).stream()
                .filter(key -> !key.isToItself())
                .toList());
  }

  /** There the information schema would have to open every table of the server. */
  private static List<ForeignKey> ofChildren(Session session, QualifiedName table)
      throws SQLException {
    List<ForeignKey> incoming = new ArrayList<>();
    for (QualifiedName child : KeyGraph.read(session).childrenOf(table)) {
      own(session, child).stream().filter(key -> key.target().equals(table)).forEach(incoming::add);
    }
    return incoming;
  }

  /** Those of the table. */
  public static List<ForeignKey> own(Session session, QualifiedName table) throws SQLException {
    return keys(session, OWN, table.schema(), table.name(), table.schema(), table.name());
  }

  private record Row(ForeignKey key, String column, String targetColumn) {}

  private static List<ForeignKey> keys(Session session, String query, Object... names)
      throws SQLException {
    String standard = session.server().mariaDb() ? "RESTRICT" : "NO ACTION";
    Map<ForeignKey, List<Row>> byKey = new LinkedHashMap<>();
    session
        .query(
            query,
            row ->
                new Row(
                    new ForeignKey(
                        row.getString(1),
                        new QualifiedName(row.getString(2), row.getString(3)),
                        List.of(),
                        new QualifiedName(row.getString(5), row.getString(6)),
                        List.of(),
                        rule(row.getString(8), standard),
                        rule(row.getString(9), standard)),
                    row.getString(4),
                    row.getString(7)),
            names)
        .forEach(row -> byKey.computeIfAbsent(row.key(), k -> new ArrayList<>()).add(row));
    return byKey.values().stream().map(TableKeys::key).toList();
  }

  private static String rule(String present, String standard) {
    return present.equals(standard) ? "" : present;
  }

  private static ForeignKey key(List<Row> rows) {
    ForeignKey bare = rows.get(0).key();
    return new ForeignKey(
        bare.name(),
        bare.table(),
        rows.stream().map(Row::column).toList(),
        bare.target(),
        rows.stream().map(Row::targetColumn).toList(),
        bare.onDelete(),
        bare.onUpdate());
  }

  /** True when both have the same keys, in whatever order. */
  boolean hasSameAs(TableKeys other) {
    return Set.copyOf(own).equals(Set.copyOf(other.own))
        && Set.copyOf(incoming).equals(Set.copyOf(other.incoming));
  }

  public boolean isEmpty() {
    return own.isEmpty() && incoming.isEmpty();
  }

  /** The other tables that the table's own keys refer to. */
  public Set<QualifiedName> parents() {
    Set<QualifiedName> parents = new LinkedHashSet<>();
    own.stream().filter(key -> !key.isToItself()).forEach(key -> parents.add(key.target()));
    return parents;
  }

  /** The other tables that refer to it. */
  public Set<QualifiedName> children() {
    Set<QualifiedName> children = new LinkedHashSet<>();
    incoming.forEach(key -> children.add(key.table()));
    return children;
  }
}
