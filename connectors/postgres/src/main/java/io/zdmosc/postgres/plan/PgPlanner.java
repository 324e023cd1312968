package io.zdmosc.postgres.plan;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.error.UnfitChangeException;
import io.zdmosc.engine.guard.DiskOutlook;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.postgres.alter.AlterClause;
import io.zdmosc.postgres.catalog.Catalog;
import io.zdmosc.postgres.catalog.LockHolders;
import io.zdmosc.postgres.catalog.TableInfo;
import io.zdmosc.postgres.control.MigrationNames;
import io.zdmosc.postgres.handover.Handover;
import io.zdmosc.postgres.owned.OwnedContext;
import io.zdmosc.postgres.owned.OwnedKinds;
import io.zdmosc.postgres.partition.PartitionLayout;
import io.zdmosc.postgres.plan.checks.AllTablesCheck;
import io.zdmosc.postgres.plan.checks.Check;
import io.zdmosc.postgres.plan.checks.CheckContext;
import io.zdmosc.postgres.plan.checks.OwnedObjectsCheck;
import io.zdmosc.postgres.plan.checks.PrivilegeCheck;
import io.zdmosc.postgres.plan.checks.RowSecurityCheck;
import io.zdmosc.postgres.plan.checks.ServerCheck;
import io.zdmosc.postgres.plan.checks.TableKindCheck;
import io.zdmosc.postgres.shadow.ClauseException;
import io.zdmosc.postgres.shadow.IdentityChooser;
import io.zdmosc.postgres.shadow.RowIdentity;
import io.zdmosc.postgres.shadow.ShadowBuilder;
import io.zdmosc.postgres.shadow.ShadowSpec;
import io.zdmosc.postgres.shadow.SourceTable;
import io.zdmosc.postgres.shadow.WayBack;
import io.zdmosc.postgres.shadow.WayBackBuilder;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import io.zdmosc.postgres.sql.Sql;
import io.zdmosc.postgres.stream.StreamKind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Works out everything about a change on one session, and leaves nothing behind: what it tries on
 * the server it rolls back.
 */
public final class PgPlanner {
  private static final List<Check> CHECKS =
      List.of(
          new ServerCheck(),
          new PrivilegeCheck(),
          new RowSecurityCheck(),
          new OwnedObjectsCheck(),
          new AllTablesCheck());

  private final SessionFactory sessions;

  public PgPlanner(SessionFactory sessions) {
    this.sessions = sessions;
  }

  /**
   * Plans a change.
   *
   * @throws RefusedException with all the reasons at once
   */
  public Planned plan(ChangeRequest request) {
    try (Session session = sessions.open("plan")) {
      return plan(session, request);
    } catch (SQLException e) {
      throw Failures.failedBefore("planning the change", e);
    }
  }

  /** The plan, and what the connector needs to carry it out. */
  public record Planned(
      Plan plan,
      ChangeRequest request,
      AlterClause clause,
      Optional<PartitionLayout> layout,
      SourceTable source,
      RowIdentity identity,
      String searchPath,
      StreamKind stream,
      int serverVersion) {}

  private Planned plan(Session session, ChangeRequest request) throws SQLException {
    List<Problem> problems = new ArrayList<>();
    Optional<AlterClause> clause = parse(request, problems);
    String searchPath = session.text("SHOW search_path").orElse("");
    TableInfo table = TableFinder.find(session, request.table(), problems);
    session.execute("SET search_path = pg_catalog");
    int version =
        Integer.parseInt(
            session.text("SELECT current_setting('server_version_num')").orElseThrow());
    CheckContext context = new CheckContext(session, table, version, request);
    List<Problem> ofKind = new TableKindCheck().run(context);
    problems.addAll(ofKind);
    for (Check check : CHECKS) {
      problems.addAll(check.run(context));
    }
    Optional<PartitionLayout> layout = layout(request, clause, table, problems);
    problems.addAll(PartitionCheck.ofSource(context, request));
    boolean cut = request.partitioning().isEmpty() || layout.isPresent();
    if (!ofKind.isEmpty() || clause.isEmpty() || !cut) {
      throw new RefusedException(problems); // there is nothing that could be tried
    }
    return rehearse(session, request, clause.get(), layout, table, searchPath, version, problems);
  }

  private static Optional<PartitionLayout> layout(
      ChangeRequest request,
      Optional<AlterClause> clause,
      TableInfo table,
      List<Problem> problems) {
    String named = clause.flatMap(AlterClause::newTableName).orElse(table.name());
    try {
      return request.partitioning().map(asked -> PartitionLayout.of(asked, named));
    } catch (RefusedException e) {
      problems.addAll(e.problems());
      return Optional.empty();
    }
  }

  private static Optional<AlterClause> parse(ChangeRequest request, List<Problem> problems) {
    try {
      return Optional.of(AlterClause.parse(request.alter()));
    } catch (RefusedException e) {
      problems.addAll(e.problems());
      return Optional.empty();
    }
  }

  /**
   * Tries the change.
   *
   * @param problems what stands in the way already; whatever else does is found all the same, as
   *     far as the change can be tried in spite of it
   */
  private Planned rehearse(
      Session session,
      ChangeRequest request,
      AlterClause clause,
      Optional<PartitionLayout> layout,
      TableInfo table,
      String searchPath,
      int version,
      List<Problem> problems)
      throws SQLException {
    EventTriggers eventTriggers = new EventTriggers(session);
    session.connection().setAutoCommit(false);
    try {
      session.execute("SET LOCAL lock_timeout = '2s'");
      SourceTable source = SourceTable.read(new Catalog(session), table);
      int pid = Integer.parseInt(session.text("SELECT pg_backend_pid()::text").orElseThrow());
      String schema = MigrationNames.rehearsalSchema(pid);
      String sqlSchema = Sql.name(schema);
      session.execute("CREATE SCHEMA " + sqlSchema);
      ShadowSpec spec =
          new ShadowBuilder(session, source, clause, schema, searchPath, layout).build();
      Optional<RowIdentity> identity = identity(session, source, spec, problems);
      problems.addAll(new SpecCheck(session, source, spec).run());
      ConversionCheck conversions = new ConversionCheck(session, spec, sessions.defaults());
      problems.addAll(conversions.problems());
      OwnedContext owned = new OwnedContext(session, request, searchPath, source, spec, 0, version);
      problems.addAll(OwnedKinds.problems(owned));
      StreamKind stream = StreamKind.of(request.stream());
      if (identity.isPresent()) {
        problems.addAll(new PartitionCheck(session, source, spec, identity.get()).run());
        problems.addAll(
            stream.problems(
                sessions, table.schema(), table.name(), identity.get().sourceColumns()));
      }
      if (request.hold()) {
        problems.addAll(wayBack(session, request, source, spec, searchPath).missing());
      }
      if (!problems.isEmpty()) {
        eventTriggers.blamed(problems).ifPresent(blamed -> problems.add(0, blamed));
        throw new RefusedException(problems);
      }
      WayBack back = wayBack(session, request, source, spec, searchPath);
      List<String> carried = OwnedKinds.carried(owned);
      Handover handover = OwnedKinds.handover(owned);
      Set<String> tags = CommandTags.of(handover, spec.indexParts());
      eventTriggers.rehearse(spec.table().sqlName(), sqlSchema, tags);
      List<String> notes = new ArrayList<>(conversions.notes());
      notes.addAll(OwnedKinds.warnings(owned));
      notes.addAll(eventTriggers.notes(tags));
      notes.addAll(
          DiskOutlook.warnings(
              ServerDisks.of(session, table.oid()).look(),
              table.tableBytes() + table.indexBytes()));
      Plan plan =
          new PlanWriter(source, spec, identity.orElseThrow(), handover, carried, notes)
              .write(words(request));
      return new Planned(
          plan.withWayBack(back.plan()),
          request,
          clause,
          layout,
          source,
          identity.orElseThrow(),
          searchPath,
          stream,
          version);
    } catch (RefusedException e) {
      problems.addAll(e.problems());
      throw new RefusedException(problems.stream().distinct().toList(), e.getCause());
    } catch (SQLException e) {
      refusal(e, eventTriggers.blamed(e)).ifPresent(problems::add);
      if (problems.isEmpty()) {
        throw LockHolders.named(session, table.oid(), e);
      }
      List<Problem> all = problems.stream().distinct().toList();
      throw e instanceof ClauseException
          ? new UnfitChangeException(all, e)
          : new RefusedException(all, e);
    } finally {
      session.rollbackQuietly();
    }
  }

  /** What tells its rows; without it other things can be looked for still. */
  private static Optional<RowIdentity> identity(
      Session session, SourceTable source, ShadowSpec spec, List<Problem> problems)
      throws SQLException {
    try {
      return Optional.of(new IdentityChooser(session, source, spec).choose());
    } catch (RefusedException e) {
      problems.addAll(e.problems());
      return Optional.empty();
    }
  }

  private static WayBack wayBack(
      Session session,
      ChangeRequest request,
      SourceTable source,
      ShadowSpec spec,
      String searchPath)
      throws SQLException {
    String schema = spec.table().schema();
    return new WayBackBuilder(session, source, spec, request.reverse(), schema, searchPath).build();
  }

  /** What is asked for, on one line. */
  private static String words(ChangeRequest request) {
    String cut = request.partitioning().map(asked -> "PARTITION BY " + asked.by()).orElse("");
    boolean both = !cut.isEmpty() && !request.alter().isBlank();
    return request.alter() + (both ? ", " : "") + cut;
  }

  /** What was tried and did not work; empty where that is nobody's fault. */
  private static Optional<Problem> refusal(SQLException e, Optional<Problem> blamed) {
    if (blamed.isEmpty() && e instanceof ClauseException clause) {
      return Optional.of(
          new Problem("ALTER TABLE " + clause.clause(), e.getMessage(), "Mend the clause."));
    }
    return blamed;
  }
}
