package io.zdmosc.postgres.owned;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.catalog.ColumnInfo;
import io.zdmosc.postgres.handover.Handover;
import io.zdmosc.postgres.handover.Transfer;
import io.zdmosc.postgres.owned.dependent.DependentPieces;
import io.zdmosc.postgres.shadow.MappedColumn;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Publications of all tables. The new table is in them as soon as it has its name, but so are the
 * copy's own rows before that, and the control tables. Whether that does harm depends on who reads
 * them, which only the user knows.
 */
final class AllTablesKind implements OwnedKind {
  /** A table whose updates are published must have something that tells its rows. */
  private static final String CHANGES =
      "SELECT EXISTS (SELECT FROM pg_publication WHERE puballtables AND (pubupdate OR pubdelete))";

  /** From PostgreSQL 18 on; before, there is no such setting, and no need of one. */
  private static final String WITHOUT_GENERATED =
      """
      SELECT EXISTS (SELECT FROM pg_publication p
                      WHERE puballtables AND (pubupdate OR pubdelete)
                        AND to_jsonb(p) ->> 'pubgencols' <> 's')\
      """;

  @Override
  public List<Problem> problems(OwnedContext context) throws SQLException {
    List<String> given = context.request().dependents().allTablesPublications();
    List<Problem> problems =
        new ArrayList<>(
            new AllTablesPublications(context.session(), given)
                .problems(context.sourceName().sql()));
    if (!given.isEmpty() && hasPartitions(context)) {
      problems.add(
          new Problem(
              "publication " + given.get(0) + " of all tables",
              "is not carried over together with partitions",
              "Publish the tables by name."));
    }
    if (!given.isEmpty() && problems.isEmpty()) {
      problems.addAll(generated(context));
    }
    return problems;
  }

  /** The new table has the whole row as replica identity until the swap. */
  private static List<Problem> generated(OwnedContext context) throws SQLException {
    List<ColumnInfo> generated =
        context.spec().columns().stream()
            .map(MappedColumn::column)
            .filter(ColumnInfo::isGenerated)
            .toList();
    boolean virtual = generated.stream().anyMatch(ColumnInfo::isVirtual);
    if (generated.isEmpty() || !context.session().test(virtual ? CHANGES : WITHOUT_GENERATED)) {
      return List.of();
    }
    return List.of(
        new Problem(
            context.sourceName().sql(),
            "has generated columns in its new shape ("
                + generated.stream().map(ColumnInfo::name).collect(Collectors.joining(", "))
                + "), which a publication of all tables does not publish, so that the server would"
                + " refuse changes of the copy's rows",
            virtual
                ? "Publish the tables by name; virtual columns cannot be published."
                : "ALTER PUBLICATION ... SET (publish_generated_columns = stored), or publish the"
                    + " tables by name."));
  }

  private static boolean hasPartitions(OwnedContext context) throws SQLException {
    return context.spec().table().isPartitioned()
        || context
            .session()
            .test(
                "SELECT relkind = 'p' OR relispartition FROM pg_class WHERE oid = ?::oid",
                context.source().table().oid());
  }

  @Override
  public List<String> warnings(OwnedContext context) {
    return context.request().dependents().allTablesPublications().stream()
        .map(
            each ->
                "publication "
                    + each
                    + " of all tables publishes the copy's rows too until the swap, and the control"
                    + " tables, all in the schema zdm_osc, which its readers must leave out")
        .toList();
  }

  @Override
  public Handover handover(OwnedContext context) throws SQLException {
    DependentPieces.requireNone(problems(context));
    if (!context.session().test(CHANGES)) {
      return Handover.NONE;
    }
    String alter = "ALTER TABLE ";
    String shadow = context.shadowName().sql();
    String apart = new TableName(context.shadowSchema(), context.shadowName().name()).sql();
    return new Handover(
        List.of(alter + shadow + " REPLICA IDENTITY FULL"),
        List.of(),
        // what it is to have in the end is set when it has its name
        new Transfer(List.of(alter + apart + " REPLICA IDENTITY DEFAULT"), List.of(), List.of()),
        Transfer.NONE);
  }
}
