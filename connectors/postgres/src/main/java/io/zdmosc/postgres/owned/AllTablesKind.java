package io.zdmosc.postgres.owned;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.handover.Handover;
import io.zdmosc.postgres.handover.Transfer;
import io.zdmosc.postgres.owned.dependent.DependentPieces;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Publications of all tables. The new table is in them as soon as it has its name, but so are the
 * copy's own rows before that, and the control tables. Whether that does harm depends on who reads
 * them, which only the user knows.
 */
final class AllTablesKind implements OwnedKind {
  /** A table whose updates are published must have something that tells its rows. */
  private static final String CHANGES =
      "SELECT EXISTS (SELECT FROM pg_publication WHERE puballtables AND (pubupdate OR pubdelete))";

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
    return problems;
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
