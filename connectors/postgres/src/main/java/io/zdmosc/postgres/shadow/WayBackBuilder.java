package io.zdmosc.postgres.shadow;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.postgres.catalog.ConstraintInfo;
import io.zdmosc.postgres.catalog.IndexInfo;
import io.zdmosc.postgres.catalog.TableInfo;
import io.zdmosc.postgres.partition.Partition;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Works out how the old table gets its rows from the new one: {@linkplain ColumnsBack its columns},
 * what the new table lets in and it does not, and by what its rows are found.
 */
public final class WayBackBuilder {
  private final Session session;
  private final SourceTable source;
  private final ShadowSpec spec;
  private final Map<String, String> expressions;
  private final String schema;
  private final String userSearchPath;
  private final List<Problem> missing = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /**
   * @param session within the transaction that built the changed template
   * @param expressions by the old table's columns
   * @param schema of the template
   */
  public WayBackBuilder(
      Session session,
      SourceTable source,
      ShadowSpec spec,
      Map<String, String> expressions,
      String schema,
      String userSearchPath) {
    this.session = session;
    this.source = source;
    this.spec = spec;
    this.expressions = new LinkedHashMap<>(expressions);
    this.schema = schema;
    this.userSearchPath = userSearchPath;
  }

  /**
   * Does it.
   *
   * @throws RefusedException when a given expression is of no use
   */
  public WayBack build() throws SQLException {
    ColumnsBack columns =
        new ColumnsBack(session, source, spec, expressions, schema, userSearchPath);
    ShadowSpec back = spec(columns.map());
    missing.addAll(columns.missing());
    notes.addAll(columns.notes());
    note();
    SourceTable served = served();
    return new WayBack(served, back, identity(served, back), missing, notes);
  }

  /** What the new table lets in and the old one does not. */
  private void note() {
    for (MappedColumn column : spec.columns()) {
      if (column.source() == null) {
        notes.add("column " + column.column().name() + " is new; its values are not carried back");
      }
    }
    for (IndexInfo index : source.indexes()) {
      boolean kept =
          spec.indexes().stream()
              .anyMatch(
                  i ->
                      i.name().equals(index.name())
                          && i.unique()
                          && i.keyColumns().size() <= index.keyColumns().size());
      if (index.unique() && index.valid() && !kept) {
        barred("meet others on " + index.name());
      }
    }
    for (ConstraintInfo check : source.constraintsOfType("c")) {
      if (!spec.checks().contains(check.name())) {
        barred("violate " + check.name());
      }
    }
    for (MappedColumn column : spec.columns()) {
      if (column.source() != null && column.source().notNull() && !column.column().notNull()) {
        barred("have no " + column.source().name());
      }
    }
  }

  private void barred(String how) {
    notes.add(
        "rows of the new table may "
            + how
            + "; such a row waits, and bars the rollback until it"
            + " is mended");
  }

  /** The new table as it is when it serves. */
  private SourceTable served() {
    TableInfo made = spec.table();
    TableInfo table =
        new TableInfo(
            made.oid(),
            spec.finalSchema(),
            spec.finalName(),
            made.kind(),
            made.persistence(),
            made.replicaIdentity(),
            made.owner(),
            made.accessMethod(),
            made.options(),
            made.tablespace(),
            made.comment(),
            source.table().rows(),
            source.table().tableBytes(),
            source.table().indexBytes());
    List<ConstraintInfo> keys =
        spec.foreignKeys().stream()
            .map(
                key ->
                    new ConstraintInfo(
                        0,
                        key.name(),
                        "f",
                        key.definition(),
                        key.validate(),
                        List.of(),
                        key.referencedTable(),
                        key.comment()))
            .toList();
    return new SourceTable(
        table,
        spec.columns().stream().map(MappedColumn::column).toList(),
        spec.indexes(),
        keys,
        spec.sequences(),
        "DEFAULT");
  }

  private ShadowSpec spec(List<MappedColumn> columns) {
    return new ShadowSpec(
        source.table(),
        source.table().name(),
        source.table().schema(),
        Optional.empty(),
        columns,
        source.indexes(),
        List.of(),
        source.constraintsOfType("f").stream().map(ForeignKey::carriedBack).toList(),
        source.sequences(),
        List.of(),
        null,
        List.of(),
        List.of(),
        partitions(),
        List.of(),
        List.of(),
        List.of());
  }

  /** The old table's, under the names that they have when it serves again. */
  private List<Partition> partitions() {
    return spec.partitions().stream()
        .filter(Partition::goesOn)
        .map(
            partition ->
                new Partition(
                    partition.name(),
                    partition.bound(),
                    partition.storage(),
                    0,
                    partition.parent(),
                    partition.key(),
                    List.of(),
                    partition.schema()))
        .toList();
  }

  private Optional<RowIdentity> identity(SourceTable served, ShadowSpec back) throws SQLException {
    try {
      RowIdentity identity = new IdentityChooser(session, served, back).choose();
      if (IdentityChooser.shadowIndex(back, identity).isPresent()) {
        boolean lists = session.test("SELECT current_setting('server_version_num')::int >= 150000");
        return Optional.of(lists ? identity : identity.withoutColumnList());
      }
      missing.add(
          new Problem(
              "table " + source.table().sqlName(),
              "has no unique index on "
                  + String.join(", ", identity.shadowColumns())
                  + ", by which its rows could be found from the new table",
              "Create one first, or run without --hold."));
    } catch (RefusedException e) {
      missing.add(
          new Problem(
              "table " + spec.servedSql(),
              "has no identity by which the rows of the old table can be found: "
                  + e.problems().get(0).object()
                  + " "
                  + e.problems().get(0).what(),
              "Keep a primary key or unique index in the change, or run without --hold."));
    }
    return Optional.empty();
  }
}
