package io.zdmosc.mysql.plan;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Dependents;
import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.error.UnfitChangeException;
import io.zdmosc.engine.guard.DiskOutlook;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.mysql.alter.AlterClause;
import io.zdmosc.mysql.alter.UnknownOptions;
import io.zdmosc.mysql.catalog.Catalog;
import io.zdmosc.mysql.catalog.Fingerprint;
import io.zdmosc.mysql.catalog.TableInfo;
import io.zdmosc.mysql.control.ControlSchema;
import io.zdmosc.mysql.control.PlanDebris;
import io.zdmosc.mysql.foreignkey.KeyChange;
import io.zdmosc.mysql.foreignkey.KeyGraph;
import io.zdmosc.mysql.foreignkey.TableKeys;
import io.zdmosc.mysql.plan.checks.Check;
import io.zdmosc.mysql.plan.checks.CheckContext;
import io.zdmosc.mysql.plan.checks.ForeignKeyCheck;
import io.zdmosc.mysql.plan.checks.PrivilegeCheck;
import io.zdmosc.mysql.plan.checks.ServerCheck;
import io.zdmosc.mysql.plan.checks.TableKindCheck;
import io.zdmosc.mysql.shadow.ClauseException;
import io.zdmosc.mysql.shadow.IdentityChooser;
import io.zdmosc.mysql.shadow.Rehearsal;
import io.zdmosc.mysql.shadow.RowIdentity;
import io.zdmosc.mysql.shadow.ShadowSpec;
import io.zdmosc.mysql.shadow.SourceTable;
import io.zdmosc.mysql.shadow.WayBack;
import io.zdmosc.mysql.shadow.WayBackBuilder;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.QualifiedName;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import io.zdmosc.mysql.sql.SqlMode;
import io.zdmosc.mysql.trigger.TriggerRehearsal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Works out everything about a change on one session; what it tries, it removes again. */
public final class MySqlPlanner {
  private static final List<Check> CHECKS =
      List.of(new TableKindCheck(), new PrivilegeCheck(), new ServerCheck(), new ForeignKeyCheck());

  private final SessionFactory sessions;

  public MySqlPlanner(SessionFactory sessions) {
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

  /**
   * The plan, and what the connector needs to carry it out.
   *
   * @param back the way back, where the retired table is to be kept in step
   * @param keys what becomes of foreign keys
   * @param elsewhere true when the migration's tables stand in the control schema
   */
  public record Planned(
      Plan plan,
      SourceTable source,
      Optional<WayBack> back,
      ShadowSpec spec,
      RowIdentity identity,
      KeyChange keys,
      Fingerprint shape,
      boolean elsewhere) {}

  private Planned plan(Session session, ChangeRequest request) throws SQLException {
    List<Problem> problems = new ArrayList<>();
    if (!request.stream().isEmpty() && !request.stream().equalsIgnoreCase("binlog")) {
      problems.add(
          new Problem(
              "--stream " + request.stream(),
              "is no change stream of this server",
              "Leave it out: the binary log is the only one."));
    }
    if (!request.dependents().equals(Dependents.KEPT)) {
      problems.add(
          new Problem(
              "--drop-dependents, --rebuild-materialized-views, --allow-all-tables-publication",
              "are for PostgreSQL: whatever depends on a table of this server finds the new one by"
                  + " its name",
              "Leave them out."));
    }
    if (request.partitioning().isPresent()) {
      problems.add(new Problem("--partition-by", "is for PostgreSQL only", "Leave it out."));
    }
    Optional<AlterClause> clause = parse(session, request, problems);
    TableInfo table = TableFinder.find(session, request.table(), problems);
    CheckContext context = new CheckContext(session, table);
    for (Check check : CHECKS) {
      problems.addAll(check.run(context));
      if (check instanceof PrivilegeCheck && !problems.isEmpty()) {
        break; // the others would ask what the user may not know
      }
    }
    if (!problems.isEmpty()) {
      throw new RefusedException(problems);
    }
    return rehearse(session, request, clause.orElseThrow(), table);
  }

  private static Optional<AlterClause> parse(
      Session session, ChangeRequest request, List<Problem> problems) throws SQLException {
    String mode = SqlMode.users(session.text("SELECT @@GLOBAL.sql_mode").orElse(""));
    try {
      return Optional.of(AlterClause.parse(request.alter(), mode));
    } catch (RefusedException e) {
      problems.addAll(e.problems());
      return Optional.empty();
    }
  }

  private static List<String> leftOut(Session session, TableInfo table) throws SQLException {
    String definition = new Catalog(session).createTable(table.schema(), table.name());
    return UnknownOptions.in(definition).stream()
        .map(option -> "option " + option + " is not known to the server, and is left out")
        .toList();
  }

  private static List<String> serverWarnings(Session session, TableInfo table) throws SQLException {
    List<String> warnings = new ArrayList<>(new LogRetention(session, table).warnings());
    warnings.addAll(
        DiskOutlook.warnings(
            ServerDisks.of(session).look(), table.tableBytes() + table.indexBytes()));
    if (isLogRead(session)) {
      warnings.add(
          "the server has replicas or other readers of its log, and cannot tell how far they are"
              + " behind: name replicas by --replica, or nobody waits for them");
    }
    if (!table.autoIncrement().isEmpty()
        && session.test("SELECT @@GLOBAL.innodb_autoinc_lock_mode <> 2")) {
      warnings.add(
          "innodb_autoinc_lock_mode is not 2: the server lets one chunk at a time into a table with"
              + " AUTO_INCREMENT, so that more --threads do not make the copy faster");
    }
    return warnings;
  }

  /**
   * Whether replicas, or others, read the log. The list of processes in information_schema fails on
   * MySQL as a whole while a statement in it has a character of four bytes.
   */
  private static boolean isLogRead(Session session) throws SQLException {
    return session.read("SHOW PROCESSLIST", row -> row.getString("Command")).stream()
        .anyMatch(command -> command.startsWith("Binlog Dump"));
  }

  private static String lockedByName(Session session, QualifiedName table, TableKeys keys)
      throws SQLException {
    Set<QualifiedName> others = new LinkedHashSet<>(KeyGraph.read(session).family(table, keys));
    others.remove(table);
    return others.stream()
        .map(QualifiedName::sql)
        .collect(
            Collectors.joining(
                ", ",
                "on MariaDB the cut-over locks all tables that foreign keys join with this one, and"
                    + " those that refer to its children, against readers too: ",
                ""));
  }

  private static Planned rehearse(
      Session session, ChangeRequest request, AlterClause clause, TableInfo table)
      throws SQLException {
    ControlSchema.createDatabase(session);
    PlanDebris.guard(session);
    Fingerprint shape = Fingerprint.take(session, table.schema(), table.name());
    SourceTable source = SourceTable.read(new Catalog(session), table);
    TableKeys present = TableKeys.read(session, new QualifiedName(table.schema(), table.name()));
    Rehearsal.Outcome outcome;
    try {
      outcome = new Rehearsal(session, source, present, clause).run();
    } catch (ClauseException e) {
      throw new UnfitChangeException(
          List.of(new Problem("ALTER TABLE " + e.clause(), e.getMessage(), "Mend the clause.")), e);
    }
    ShadowSpec spec = outcome.spec();
    KeyChange keys = outcome.keys();
    RowIdentity identity = new IdentityChooser(source, spec).choose();
    List<Problem> problems = new ArrayList<>(new SpecCheck(session, source, spec, identity).run());
    problems.addAll(new DefinitionCheck(source, spec, request.hold()).run());
    problems.addAll(new TriggerRehearsal(session, source, spec).run());
    boolean mariaDb = session.server().mariaDb();
    boolean elsewhere = !mariaDb && spec.ddl().hasNamedChecks(spec.finalName());
    if (elsewhere && !source.triggers().isEmpty()) {
      problems.add(
          new Problem(
              "triggers of table " + table.sqlName(),
              "cannot be carried over together with check constraints that have names of their own:"
                  + " the names want the new table built in another database, and a table with"
                  + " triggers cannot be moved between databases",
              "Drop the triggers, or the constraints, and make them again after the migration."));
    }
    if (!problems.isEmpty()) {
      throw new RefusedException(problems);
    }
    List<Problem> lacking =
        elsewhere ? PrivilegeCheck.elsewhere(session, !keys.isEmpty()) : List.of();
    if (!lacking.isEmpty()) {
      throw new RefusedException(lacking);
    }
    WayBack back = new WayBackBuilder(session, source, spec, request.reverse()).build();
    if (request.hold() && !back.missing().isEmpty()) {
      throw new RefusedException(back.missing());
    }
    List<String> warnings = new ArrayList<>(serverWarnings(session, table));
    warnings.addAll(leftOut(session, table));
    warnings.addAll(new DependentWarnings(session, source, spec).find());
    if (mariaDb && !present.isEmpty()) {
      warnings.add(lockedByName(session, new QualifiedName(table.schema(), table.name()), present));
    }
    Plan plan =
        new PlanWriter(source, spec, identity, keys, mariaDb, elsewhere, warnings)
            .write(request.alter());
    return new Planned(
        plan.withWayBack(back.plan()),
        source,
        request.hold() ? Optional.of(back) : Optional.empty(),
        spec,
        identity,
        keys,
        shape,
        elsewhere);
  }
}
