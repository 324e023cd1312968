package io.zdmosc.postgres.owned;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.postgres.control.MigrationNames;
import io.zdmosc.postgres.partition.Partition;
import io.zdmosc.postgres.shadow.ShadowSpec;
import io.zdmosc.postgres.shadow.SourceTable;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a kind looks at.
 *
 * @param session within the transaction that built the changed template, which stands there by
 *     {@code spec.table()} until the kinds are done; the search path is {@code pg_catalog}
 * @param request what was asked for
 * @param searchPath by which the user's names are found
 * @param migrationId 0 in a plan
 * @param version of the server, as in {@code server_version_num}
 */
public record OwnedContext(
    Session session,
    ChangeRequest request,
    String searchPath,
    SourceTable source,
    ShadowSpec spec,
    long migrationId,
    int version) {
  private static final int SCHEMAS_PUBLISHED_SINCE = 150000;

  TableName sourceName() {
    return new TableName(source.table().schema(), source.table().name());
  }

  /** What the new table is to be called. */
  TableName servedName() {
    return new TableName(spec.finalSchema(), spec.finalName());
  }

  /** Where the shadow is when it has been made. */
  TableName shadowName() {
    return new TableName(
        source.table().schema(), MigrationNames.shadow(migrationId, source.table().name()));
  }

  /** The table and its partitions that go on, from above. */
  public List<OwningTable> tables() {
    String schema = spec.table().schema();
    List<OwningTable> tables = new ArrayList<>();
    tables.add(
        new OwningTable(
            0,
            source.table().oid(),
            sourceName(),
            servedName(),
            shadowName(),
            new TableName(schema, spec.table().name())));
    for (Partition partition : spec.partitions()) {
      if (partition.goesOn()) {
        TableName name = new TableName(partition.schema(), partition.name());
        String present =
            MigrationNames.partition(migrationId, spec.partitions().indexOf(partition));
        tables.add(
            new OwningTable(
                tables.size(),
                partition.source(),
                name,
                name,
                new TableName(source.table().schema(), present),
                new TableName(schema, partition.name())));
      }
    }
    return tables;
  }

  /** Whether a plain table is to have partitions. */
  boolean becomesPartitioned() {
    return spec.table().isPartitioned() && !source.table().isPartitioned();
  }

  /** Whether all tables beside the source are published, or beside the new table. */
  public boolean isSchemaPublished() throws SQLException {
    return version >= SCHEMAS_PUBLISHED_SINCE
        && session.test(
            "SELECT EXISTS (SELECT FROM pg_publication_namespace p"
                + " JOIN pg_namespace n ON n.oid = p.pnnspid"
                + " WHERE n.nspname = ANY (?::text[]))",
            Sql.array(schemas()));
  }

  /** Where the old and the new table stand, and their partitions. */
  private List<String> schemas() {
    List<String> schemas = new ArrayList<>(List.of(source.table().schema(), spec.finalSchema()));
    spec.partitions().forEach(each -> schemas.add(each.schemaIn(spec.finalSchema())));
    return schemas.stream().distinct().toList();
  }

  /** Whether what does not serve is to be out of the user's schemas. */
  public boolean isKeptApart() throws SQLException {
    return isSchemaPublished()
        || session.test("SELECT EXISTS (SELECT FROM pg_publication WHERE puballtables)");
  }

  /** Where the shadow stands when it is ready. */
  public String shadowSchema() throws SQLException {
    return isKeptApart() ? MigrationNames.CONTROL_SCHEMA : source.table().schema();
  }

  /** The same for a thing that a table has by itself. */
  String aside(String kind, OwningTable table, int number) {
    return aside(table.number() == 0 ? kind : kind + table.number() + "_", number);
  }

  /** A name for a thing of the table that does not serve, unique in its schema. */
  public String aside(String kind, int number) {
    return MigrationNames.part(migrationId, kind, number);
  }
}
