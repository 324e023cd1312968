package io.zdmosc.postgres.shadow;

import static io.zdmosc.postgres.sql.Sql.literal;
import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.postgres.catalog.Catalog;
import io.zdmosc.postgres.catalog.ColumnInfo;
import io.zdmosc.postgres.catalog.ConstraintInfo;
import io.zdmosc.postgres.catalog.IndexInfo;
import io.zdmosc.postgres.catalog.SequenceInfo;
import io.zdmosc.postgres.catalog.TableInfo;
import io.zdmosc.postgres.control.MigrationNames;
import io.zdmosc.postgres.handover.Handover;
import io.zdmosc.postgres.partition.Partition;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Turns the changed template into the shadow table: takes off what comes after the copy, gives
 * everything the migration's own names, moves it beside the source, hands it to the source's owner.
 */
public final class ShadowTable {
  private final Session session;
  private final long migrationId;
  private final SourceTable source;
  private final ShadowSpec spec;
  private final RowIdentity identity;
  private final String schema;
  private final Handover handover;
  private final boolean apart;

  /**
   * The session is in the transaction that built the template, in this schema.
   *
   * @param apart true when it must not stay in the source's schema until the swap
   */
  public ShadowTable(
      Session session,
      long migrationId,
      SourceTable source,
      ShadowSpec spec,
      RowIdentity identity,
      String schema,
      Handover handover,
      boolean apart) {
    this.session = session;
    this.migrationId = migrationId;
    this.source = source;
    this.spec = spec;
    this.identity = identity;
    this.schema = schema;
    this.handover = handover;
    this.apart = apart;
  }

  /** Does it; the caller commits. */
  public Working create() throws SQLException {
    String template = spec.table().sqlName();
    for (ConstraintInfo late : spec.late()) {
      session.execute("ALTER TABLE " + template + " DROP CONSTRAINT " + name(late.name()));
    }
    for (PartitionConstraint late : spec.partitionLate()) {
      session.execute(
          "ALTER TABLE "
              + name(schema, late.partition())
              + " DROP CONSTRAINT "
              + name(late.constraint().name()));
    }
    Optional<IndexInfo> kept = IdentityChooser.shadowIndex(spec, identity);
    // a key that could meet another one must be looked at row by row
    boolean keyIndexLater = identity.staysUnique();
    for (IndexInfo index : spec.indexes()) {
      if (keyIndexLater || kept.isEmpty() || index.oid() != kept.get().oid()) {
        drop(template, index);
      }
    }
    for (PartitionIndex own : spec.partitionIndexes()) {
      if (own.whole() == null) {
        drop(name(schema, own.partition()), own.index());
      }
    }
    String keyIndex = MigrationNames.part(migrationId, "k", 0);
    if (!keyIndexLater) {
      giveKeyIndex(template, kept, keyIndex);
    }
    session.execute("ALTER TABLE " + template + " REPLICA IDENTITY DEFAULT");
    Working working =
        new Working(
            migrationId,
            source,
            spec,
            identity,
            MigrationNames.shadow(migrationId, source.table().name()),
            MigrationNames.retired(migrationId, source.table().name()),
            spec.table().oid(),
            keyIndex,
            keyIndexLater,
            apart ? MigrationNames.CONTROL_SCHEMA : source.table().schema(),
            handover,
            false);
    move(template, working);
    own(working);
    for (String statement : handover.onShadow()) {
      session.execute(statement);
    }
    if (apart) {
      // last of all: the table's owner need not have any right there
      String there = " SET SCHEMA " + name(working.shadowSchema());
      session.execute("ALTER TABLE " + placed(working) + there);
      for (Partition partition : spec.partitions()) {
        session.execute(
            "ALTER TABLE " + name(working.schema(), working.presentPartition(partition)) + there);
      }
    }
    return working;
  }

  private void drop(String template, IndexInfo index) throws SQLException {
    session.execute(
        index.servesConstraint()
            ? "ALTER TABLE " + template + " DROP CONSTRAINT " + name(index.constraint())
            : "DROP INDEX " + name(schema, index.name()));
  }

  /** The index by which rows are found: one that the new table has anyway, or one for the while. */
  private void giveKeyIndex(String template, Optional<IndexInfo> kept, String ours)
      throws SQLException {
    if (kept.isPresent()) {
      session.execute(
          "ALTER INDEX " + name(schema, kept.get().name()) + " RENAME TO " + name(ours));
    } else {
      session.execute(IndexSql.forRows(spec, identity, template, ours));
    }
  }

  private void move(String template, Working working) throws SQLException {
    int number = 0;
    for (SequenceInfo sequence : spec.sequences()) {
      if (belongsToShadow(sequence)) {
        session.execute(
            "ALTER SEQUENCE "
                + name(schema, sequence.name())
                + " RENAME TO "
                + name(MigrationNames.part(migrationId, "s", number)));
      }
      number++;
    }
    session.execute("ALTER TABLE " + template + " RENAME TO " + name(working.shadowName()));
    session.execute(
        "ALTER TABLE "
            + name(schema, working.shadowName())
            + " SET SCHEMA "
            + name(working.schema()));
    for (Partition partition : spec.partitions()) {
      String present = working.presentPartition(partition);
      if (!present.equals(partition.name())) {
        session.execute(
            "ALTER TABLE " + name(schema, partition.name()) + " RENAME TO " + name(present));
      }
      session.execute(
          "ALTER TABLE " + name(schema, present) + " SET SCHEMA " + name(working.schema()));
    }
    session.execute("DROP SCHEMA " + name(schema));
  }

  private boolean belongsToShadow(SequenceInfo sequence) {
    return sequence.schema().equals(schema);
  }

  /** Where it stands until it is ready. */
  private static String placed(Working working) {
    return name(working.schema(), working.shadowName());
  }

  private void own(Working working) throws SQLException {
    String shadow = placed(working);
    session.execute("ALTER TABLE " + shadow + " OWNER TO " + name(source.table().owner()));
    if (source.table().comment() != null) {
      session.execute("COMMENT ON TABLE " + shadow + " IS " + literal(source.table().comment()));
    }
    Grants grants = new Grants(session);
    grants.copyRelation(source.table().oid(), working.shadowOid(), "TABLE", shadow);
    for (MappedColumn column : spec.columns()) {
      if (column.source() != null) {
        grants.copyColumn(
            source.table().oid(), column.source().number(), shadow, column.column().name());
      }
    }
    sequenceSettings(grants, working);
    ownPartitions(grants, working);
  }

  /** Their rows are reached through the table, so nobody but the owner needs a grant on them. */
  private void ownPartitions(Grants grants, Working working) throws SQLException {
    for (Partition partition : spec.partitions()) {
      String sqlName = name(working.schema(), working.presentPartition(partition));
      if (!partition.goesOn()) {
        session.execute("ALTER TABLE " + sqlName + " OWNER TO " + name(source.table().owner()));
        grants.ownerOnly(sqlName);
      } else {
        continuePartition(grants, partition, sqlName);
      }
    }
  }

  /** What the old one has by itself, and may have. */
  private void continuePartition(Grants grants, Partition partition, String sqlName)
      throws SQLException {
    Catalog catalog = new Catalog(session);
    TableInfo old = catalog.table(partition.source()).orElseThrow();
    session.execute("ALTER TABLE " + sqlName + " OWNER TO " + name(old.owner()));
    long made = catalog.resolve(sqlName).orElseThrow();
    grants.copyRelation(old.oid(), made, "TABLE", sqlName);
    for (ColumnInfo column : catalog.columns(old.oid())) {
      Optional<MappedColumn> continued = spec.continuing(source.column(column.name()).number());
      if (continued.isPresent()) {
        String now = continued.get().column().name();
        grants.copyColumn(old.oid(), column.number(), sqlName, now);
      }
    }
    if (old.comment() != null) {
      session.execute("COMMENT ON TABLE " + sqlName + " IS " + literal(old.comment()));
    }
  }

  private void sequenceSettings(Grants grants, Working working) throws SQLException {
    Catalog catalog = new Catalog(session);
    for (SequenceInfo sequence : catalog.sequences(working.shadowOid())) {
      Optional<SequenceInfo> old = working.sourceSequenceOf(sequence);
      if (old.isPresent() && sequence.identity()) {
        String sqlName = name(sequence.schema(), sequence.name());
        grants.copyRelation(old.get().oid(), sequence.oid(), "SEQUENCE", sqlName);
        if (old.get().comment() != null) {
          session.execute("COMMENT ON SEQUENCE " + sqlName + " IS " + literal(old.get().comment()));
        }
      }
    }
  }
}
