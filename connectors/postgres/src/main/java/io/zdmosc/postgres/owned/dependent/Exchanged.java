package io.zdmosc.postgres.owned.dependent;

import io.zdmosc.postgres.catalog.Catalog;
import io.zdmosc.postgres.owned.OwnedContext;
import io.zdmosc.postgres.owned.OwningTable;
import io.zdmosc.postgres.owned.TableName;
import io.zdmosc.postgres.owned.Twins;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The relations of which others take the places: the table that is changed, and its partitions. All
 * that mentions one of them is bound to what is going to be retired.
 */
final class Exchanged {
  private final OwnedContext context;
  private final Session session;
  private final Map<Long, OwningTable> tables = new LinkedHashMap<>();

  Exchanged(OwnedContext context) {
    this.context = context;
    this.session = context.session();
    context.tables().forEach(table -> tables.put(table.oid(), table));
  }

  /**
   * What stands for them where something is tried.
   *
   * @param names by the names that are used until then
   * @param oids by the oids of the relations themselves
   */
  record StandIns(Map<RelationName, RelationName> names, Map<Long, Long> oids) {}

  /** Copies of them as they are. */
  record Copies(StandIns standIns, Twins twins) {

    /** Gives them the names that the change gives the relations; those, by what they have then. */
    Map<RelationName, RelationName> rename() throws SQLException {
      twins.rename();
      return relations(twins.servedNames());
    }
  }

  /** Their oids. */
  List<Long> oids() {
    return List.copyOf(tables.keySet());
  }

  /** Those that are among these relations. */
  List<OwningTable> among(Collection<Long> relations) {
    return tables.values().stream().filter(table -> relations.contains(table.oid())).toList();
  }

  boolean contains(long oid) {
    return tables.containsKey(oid);
  }

  /** By their names what they are to be called. */
  Map<RelationName, RelationName> servedNames() {
    Map<TableName, TableName> names = new HashMap<>();
    tables.values().forEach(table -> names.put(table.source(), table.served()));
    return relations(names);
  }

  /** Makes empty copies of some of them as they are. */
  Copies copies(List<OwningTable> of) throws SQLException {
    Twins twins = Twins.of(context, of);
    return new Copies(new StandIns(relations(twins.names()), twins.oids()), twins);
  }

  /**
   * The changed templates of some of them, under the names that they are to serve by: aliases go by
   * these.
   */
  StandIns templates(List<OwningTable> of) throws SQLException {
    Map<TableName, TableName> names = new HashMap<>();
    Map<Long, Long> oids = new HashMap<>();
    for (OwningTable table : of) {
      TableName template = table.servedTemplate(session);
      names.put(table.served(), template);
      oids.put(table.oid(), new Catalog(session).resolve(template.sql()).orElseThrow());
    }
    return new StandIns(relations(names), oids);
  }

  private static Map<RelationName, RelationName> relations(Map<TableName, TableName> names) {
    Map<RelationName, RelationName> relations = new HashMap<>();
    names.forEach((from, to) -> relations.put(RelationName.of(from), RelationName.of(to)));
    return relations;
  }
}
