package io.zdmosc.postgres.shadow;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.postgres.alter.AlterClause;
import io.zdmosc.postgres.alter.Stage;
import io.zdmosc.postgres.catalog.Catalog;
import io.zdmosc.postgres.catalog.ColumnInfo;
import io.zdmosc.postgres.catalog.ConstraintInfo;
import io.zdmosc.postgres.catalog.IndexInfo;
import io.zdmosc.postgres.catalog.SequenceInfo;
import io.zdmosc.postgres.catalog.TableInfo;
import io.zdmosc.postgres.partition.PartitionLayout;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Lets the server run the clause on an empty copy of the source and reads what came out. */
public final class ShadowBuilder {
  private final Session session;
  private final Catalog catalog;
  private final SourceTable source;
  private final AlterClause clause;
  private final String schema;
  private final String userSearchPath;
  private final Optional<PartitionLayout> layout;

  /**
   * @param session within a transaction, with an empty search path
   * @param schema where the template is built; exists and is empty
   * @param userSearchPath the session's own search path, under which the clause is run
   * @param layout into what the changed table is to be cut
   */
  public ShadowBuilder(
      Session session,
      SourceTable source,
      AlterClause clause,
      String schema,
      String userSearchPath,
      Optional<PartitionLayout> layout) {
    this.session = session;
    this.catalog = new Catalog(session);
    this.source = source;
    this.clause = clause;
    this.schema = schema;
    this.userSearchPath = userSearchPath;
    this.layout = layout;
  }

  /**
   * Builds the template and runs the clause on it.
   *
   * @throws ClauseException when the server refuses the clause
   * @throws RefusedException when it refuses the partitions
   */
  public ShadowSpec build() throws SQLException {
    Optional<PartitionLayout> present = Optional.empty();
    Optional<PartitionSettings> settings = Optional.empty();
    TemplateTable template = new TemplateTable(session, source, schema);
    if (source.table().isPartitioned()) {
      SourcePartitions partitions = new SourcePartitions(session, source.table());
      present = Optional.of(partitions.read());
      TemplatePartitions pieces =
          new TemplatePartitions(session, present.get(), source, schema, "pg_catalog");
      template = new TemplateTable(session, source, schema, pieces);
      template.create();
      pieces.refuseIfAny();
      settings =
          Optional.of(
              new PartitionSettings(
                  session, present.get().partitions(), source.table(), template.sqlName(), schema));
      settings.get().apply();
      partitions.refuseOwn(present.get(), schema);
    } else {
      template.create();
    }
    long oid = catalog.resolve(template.sqlName()).orElseThrow();
    List<ColumnInfo> columns = catalog.columns(oid);
    AddedColumns added = new AddedColumns(session);
    TransformTracker tracker =
        new TransformTracker(source.table().name(), source.columns(), columns, added);
    ForeignKeys foreignKeys =
        new ForeignKeys(source, catalog.foreignKeys(source.table().oid()), template.sqlName());
    for (Stage whole : clause.stages()) {
      for (Stage stage : StageSplit.split(whole, columns)) {
        Optional<Stage> rest = foreignKeys.without(stage);
        if (rest.isPresent()) {
          run(template.sqlName(), rest.get());
          List<ColumnInfo> after = catalog.columns(oid);
          tracker.stage(rest.get(), columns, after);
          added.appeared(columns, after);
          columns = after;
        }
      }
    }
    PartitionSettings.Left own =
        settings.isPresent() ? settings.get().left() : PartitionSettings.Left.NOTHING;
    return read(oid, columns, tracker, added, foreignKeys, present, own);
  }

  private void run(String table, Stage stage) throws SQLException {
    session.execute("SET LOCAL search_path = " + userSearchPath);
    try {
      session.execute("ALTER TABLE " + table + " " + stage.sql());
    } catch (SQLException e) {
      throw new ClauseException(stage.sql(), e);
    }
    session.execute("SET LOCAL search_path = pg_catalog");
  }

  private ShadowSpec read(
      long changed,
      List<ColumnInfo> columns,
      TransformTracker tracker,
      AddedColumns added,
      ForeignKeys foreignKeys,
      Optional<PartitionLayout> present,
      PartitionSettings.Left own)
      throws SQLException {
    List<MappedColumn> mapped = new ArrayList<>();
    for (ColumnInfo column : columns) {
      MappedColumn continued = tracker.continued(column);
      mapped.add(continued != null ? repeatable(continued) : added.map(column));
    }
    long oid = changed;
    if (layout.isPresent()) {
      oid = new PartitionedTemplate(session, layout.get(), schema, userSearchPath).replace(changed);
      mapped = rebuilt(mapped, catalog.columns(oid));
    }
    TableInfo table = catalog.table(oid).orElseThrow();
    String finalName = clause.newTableName().orElse(source.table().name());
    String finalSchema = clause.newSchema().orElse(source.table().schema());
    List<IndexInfo> indexes = catalog.indexes(oid);
    List<SequenceInfo> sequences = catalog.sequences(oid);
    List<ConstraintInfo> late =
        catalog.constraints(oid).stream()
            .filter(c -> !c.validated() && !c.type().equals("f"))
            .toList();
    List<ForeignKey> keys =
        foreignKeys.finish(clause, mapped, finalSchema, finalName, this::resolve);
    return new ShadowSpec(
        table,
        finalName,
        finalSchema,
        clause.newOwner(),
        mapped,
        indexes,
        late,
        keys,
        sequences,
        restarted(sequences),
        indexes.stream()
            .filter(IndexInfo::replicaIdentity)
            .map(IndexInfo::name)
            .findFirst()
            .orElse(null),
        Stream.concat(foreignKeys.notes().stream(), own.notes().stream()).toList(),
        catalog.constraints(oid).stream()
            .filter(c -> c.type().equals("c"))
            .map(ConstraintInfo::name)
            .toList(),
        layout.or(() -> present).map(PartitionLayout::partitions).orElse(List.of()),
        own.indexes(),
        own.parts(),
        own.late());
  }

  private static List<MappedColumn> rebuilt(List<MappedColumn> mapped, List<ColumnInfo> columns) {
    Map<String, ColumnInfo> byName =
        columns.stream().collect(Collectors.toMap(ColumnInfo::name, column -> column));
    return mapped.stream().map(each -> each.as(byName.get(each.column().name()))).toList();
  }

  /** The table of this name, by the user's own search path. */
  private Optional<TableInfo> resolve(List<String> parts) throws SQLException {
    session.execute("SET LOCAL search_path = " + userSearchPath);
    Optional<Long> oid =
        catalog.resolve(parts.stream().map(Sql::name).collect(Collectors.joining(".")));
    session.execute("SET LOCAL search_path = pg_catalog");
    return oid.isPresent() ? catalog.table(oid.get()) : Optional.empty();
  }

  /** Which identity sequences the clause has restarted, or made anew. */
  private List<String> restarted(List<SequenceInfo> sequences) throws SQLException {
    List<String> restarted = new ArrayList<>();
    for (SequenceInfo sequence : sequences) {
      String sqlName = name(sequence.schema(), sequence.name());
      if (sequence.identity() && session.test("SELECT NOT is_called FROM " + sqlName)) {
        restarted.add(sequence.name());
      }
    }
    return restarted;
  }

  /** Whether a USING expression gives the same value again: the server knows, by a view on it. */
  private MappedColumn repeatable(MappedColumn column) throws SQLException {
    if (column.plain() || column.expression() == null) {
      return column;
    }
    boolean repeatable =
        new ExpressionProbe(
                session, schema, userSearchPath, source.table().sqlName(), source.table().name())
            .isRepeatable(column.expression());
    return new MappedColumn(
        column.column(), column.source(), column.expression(), false, repeatable);
  }
}
