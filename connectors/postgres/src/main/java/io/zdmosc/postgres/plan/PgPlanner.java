package io.zdmosc.postgres.plan;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.guard.DiskOutlook;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.postgres.alter.AlterClause;
import io.zdmosc.postgres.catalog.Catalog;
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

/**
 * Works out everything about a change on one session, and leaves nothing behind: what it tries on
 * the server it rolls back.
 */
public final class PgPlanner {
  private static final List<Check> CHECKS =
      List.of(
          new TableKindCheck(),
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
      throw Failures.failed("planning the change", e);
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
    for (Check check : CHECKS) {
      problems.addAll(check.run(context));
    }
    Optional<PartitionLayout> layout = layout(request, clause, table, problems);
    problems.addAll(PartitionCheck.ofSource(context, request));
    if (!problems.isEmpty()) {
      throw new RefusedException(problems);
    }
    return rehearse(session, request, clause.orElseThrow(), layout, table, searchPath, version);
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

  private Planned rehearse(
      Session session,
      ChangeRequest request,
      AlterClause clause,
      Optional<PartitionLayout> layout,
      TableInfo table,
      String searchPath,
      int version)
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
      RowIdentity identity = new IdentityChooser(session, source, spec).choose();
      List<Problem> problems = new SpecCheck(session, source, spec).run();
      ConversionCheck conversions = new ConversionCheck(session, spec, sessions.defaults());
      problems.addAll(conversions.problems());
      problems.addAll(new PartitionCheck(session, source, spec, identity).run());
      OwnedContext owned = new OwnedContext(session, request, searchPath, source, spec, 0, version);
      problems.addAll(OwnedKinds.problems(owned));
      List<String> carried = problems.isEmpty() ? OwnedKinds.carried(owned) : List.of();
      StreamKind stream = StreamKind.of(request.stream());
      problems.addAll(
          stream.problems(sessions, table.schema(), table.name(), identity.sourceColumns()));
      if (!problems.isEmpty()) {
        eventTriggers.blamed(problems).ifPresent(blamed -> problems.add(0, blamed));
        throw new RefusedException(problems);
      }
      Handover handover = OwnedKinds.handover(owned);
      WayBack back =
          new WayBackBuilder(session, source, spec, request.reverse(), schema, searchPath).build();
      back = back.lacking(PartitionCheck.ofWayBack(source, spec, back));
      if (request.hold() && !back.missing().isEmpty()) {
        throw new RefusedException(back.missing());
      }
      eventTriggers.rehearse(spec.table().sqlName(), sqlSchema, handover);
      List<String> notes = new ArrayList<>(conversions.notes());
      notes.addAll(OwnedKinds.warnings(owned));
      notes.addAll(eventTriggers.notes(handover));
      notes.addAll(
          DiskOutlook.warnings(
              ServerDisks.of(session, table.oid()).look(),
              table.tableBytes() + table.indexBytes()));
      Plan plan =
          new PlanWriter(source, spec, identity, handover, carried, notes).write(words(request));
      return new Planned(
          plan.withWayBack(back.plan()),
          request,
          clause,
          layout,
          source,
          identity,
          searchPath,
          stream,
          version);
    } catch (SQLException e) {
      throw refused(e, eventTriggers.blamed(e));
    } finally {
      session.rollbackQuietly();
    }
  }

  /** What is asked for, on one line. */
  private static String words(ChangeRequest request) {
    String cut = request.partitioning().map(asked -> "PARTITION BY " + asked.by()).orElse("");
    boolean both = !cut.isEmpty() && !request.alter().isBlank();
    return request.alter() + (both ? ", " : "") + cut;
  }

  private static RefusedException refused(SQLException e, Optional<Problem> blamed)
      throws SQLException {
    if (blamed.isPresent()) {
      return new RefusedException(List.of(blamed.get()), e);
    }
    if (e instanceof ClauseException clause) {
      return new RefusedException(
          List.of(
              new Problem("ALTER TABLE " + clause.clause(), e.getMessage(), "Mend the clause.")),
          e);
    }
    throw e;
  }
}
