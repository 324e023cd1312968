package io.zdmosc.postgres.shadow;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.postgres.catalog.ColumnInfo;
import io.zdmosc.postgres.catalog.SequenceInfo;
import io.zdmosc.postgres.control.MigrationNames;
import io.zdmosc.postgres.handover.Handover;
import io.zdmosc.postgres.handover.Transfer;
import io.zdmosc.postgres.partition.Partition;
import io.zdmosc.postgres.sql.KeySql;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The pair of tables that a migration works on, with the SQL that carries rows from one to the
 * other.
 *
 * @param migrationId the migration's number
 * @param source the source table
 * @param spec what the shadow table is to become
 * @param identity what identifies a row
 * @param shadowName the shadow's name in the source's schema until the swap
 * @param retiredName the source's name after the swap
 * @param shadowOid its oid, before and after the swap
 * @param shadowIndex the shadow's index on the identity: its present name
 * @param keyIndexLater true when that index is built with the others, after the copy
 * @param shadowSchema where the shadow is until the swap: beside the source, or in the control
 *     schema where the source's is published as a whole
 * @param handover how what hangs on the table changes hands, both ways
 * @param back true on the way back, from the table that serves to the retired one
 */
public record Working(
    long migrationId,
    SourceTable source,
    ShadowSpec spec,
    RowIdentity identity,
    String shadowName,
    String retiredName,
    long shadowOid,
    String shadowIndex,
    boolean keyIndexLater,
    String shadowSchema,
    Handover handover,
    boolean back) {

  /** How what hangs on the table goes where this pair goes. */
  public Transfer transfer() {
    return back ? handover.back() : handover.forth();
  }

  public String schema() {
    return source.table().schema();
  }

  /** What a partition of the shadow is called until the swap. */
  public String presentPartition(Partition partition) {
    return partition.goesOn()
        ? MigrationNames.partition(migrationId, spec.partitions().indexOf(partition))
        : partition.name();
  }

  /** A partition when it serves, as SQL has it: one that goes on stays where it is. */
  public String servedPartition(Partition partition) {
    return name(partition.schemaIn(spec.finalSchema()), partition.name());
  }

  /** Where the source is when it has been retired: in its schema, unless that is published. */
  public String retiredSchema() {
    return isApart() ? MigrationNames.CONTROL_SCHEMA : schema();
  }

  /** True when what does not serve is kept out of the user's schemas. */
  public boolean isApart() {
    return shadowSchema.equals(MigrationNames.CONTROL_SCHEMA);
  }

  /** The retired table's qualified name. */
  public String retiredSql() {
    return name(retiredSchema(), retiredName);
  }

  public String sourceSql() {
    return source.table().sqlName();
  }

  public String shadowSql() {
    return name(shadowSchema, shadowName);
  }

  /**
   * Makes the operators of the key's types known to a session, wherever an extension has put them:
   * keys must be compared by their types' own operators, never by those of some type that they
   * could be taken for. The schemas come last, so that no other name changes its meaning.
   */
  public void showKeyTypes(Session session) throws SQLException {
    Stream<ColumnInfo> sourceColumns =
        identity.sourceColumns().stream().map(column -> source.column(column));
    Stream<ColumnInfo> shadowColumns =
        spec.columns().stream()
            .map(MappedColumn::column)
            .filter(column -> identity.shadowColumns().contains(column.name()));
    String schemas =
        Stream.concat(sourceColumns, shadowColumns)
            .map(ColumnInfo::typeSchema)
            .filter(schema -> !schema.equals("pg_catalog"))
            .distinct()
            .map(schema -> ", " + name(schema))
            .collect(Collectors.joining());
    if (!schemas.isEmpty()) {
      session.text(
          "SELECT set_config('search_path', concat_ws(', ', nullif(current_setting('search_path'),"
              + " ''), 'pg_catalog') || ?::text, false)",
          schemas);
    }
  }

  public KeySql keys() {
    return new KeySql(identity, source.table().name());
  }

  /** The source's identity sequence whose state a sequence of the shadow continues. */
  public Optional<SequenceInfo> sourceSequenceOf(SequenceInfo shadowSequence) {
    return spec.columns().stream()
        .filter(c -> c.column().number() == shadowSequence.column() && c.source() != null)
        .flatMap(
            c ->
                source.sequences().stream()
                    .filter(s -> s.identity() && s.column() == c.source().number()))
        .findFirst();
  }

  /** {@code INSERT INTO shadow (...) SELECT ... FROM source AS alias WHERE } */
  public String insertSelect() {
    return insertSelect("");
  }

  /** The same with something joined to the source before {@code WHERE}. */
  public String insertSelect(String joined) {
    List<MappedColumn> written = spec.written();
    String columns =
        written.stream().map(c -> name(c.column().name())).collect(Collectors.joining(", "));
    String values =
        written.stream().map(MappedColumn::expression).collect(Collectors.joining(", "));
    String overriding = spec.hasIdentityColumn() ? " OVERRIDING SYSTEM VALUE" : "";
    return "INSERT INTO "
        + shadowSql()
        + " ("
        + columns
        + ")"
        + overriding
        + " SELECT "
        + values
        + " FROM "
        + sourceSql()
        + " AS "
        + keys().alias()
        + joined
        + " WHERE ";
  }
}
