package io.zdmosc.mysql;

import io.zdmosc.engine.error.LeaseLostException;
import io.zdmosc.engine.error.LeftBehindException;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.error.ZdmException;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.PlannedChange;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.mysql.catalog.Fingerprint;
import io.zdmosc.mysql.catalog.TableInfo;
import io.zdmosc.mysql.control.Debris;
import io.zdmosc.mysql.control.MigrationNames;
import io.zdmosc.mysql.control.MySqlLease;
import io.zdmosc.mysql.control.TriggerRecord;
import io.zdmosc.mysql.plan.MySqlPlanner;
import io.zdmosc.mysql.shadow.ShadowTable;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import io.zdmosc.mysql.sql.Sql;
import io.zdmosc.mysql.stream.FenceWriter;
import io.zdmosc.mysql.stream.LogStart;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A planned change: notes the place in the log, and makes the shadow table. */
final class MySqlPlannedChange implements PlannedChange {
  private final SessionFactory sessions;
  private final MySqlPlanner.Planned planned;

  MySqlPlannedChange(SessionFactory sessions, MySqlPlanner.Planned planned) {
    this.sessions = sessions;
    this.planned = planned;
  }

  @Override
  public Plan plan() {
    return planned.plan();
  }

  @Override
  public PreparedChange prepare(
      ControlStore.Lease lease, boolean streaming, Consumer<String> notes) {
    long migrationId = lease.migrationId();
    SessionFactory guarded = ((MySqlLease) lease).sessions();
    try (Session session = guarded.open("prepare")) {
      return prepare(guarded, session, migrationId, streaming);
    } catch (SQLException e) {
      throw undone(guarded, migrationId, Failures.failed("preparing the migration", e));
    } catch (LeaseLostException e) {
      throw e;
    } catch (RuntimeException e) {
      throw undone(guarded, migrationId, e);
    }
  }

  /** Removes what was made so far, on a connection that a stop does not cancel. */
  private static RuntimeException undone(
      SessionFactory guarded, long migrationId, RuntimeException failure) {
    try (Session session = guarded.openUncancelled("discard")) {
      List<String> left = new Debris(guarded, session, migrationId).remove();
      if (!left.isEmpty()) {
        failure.addSuppressed(new LeftBehindException(left));
      }
    } catch (SQLException | ZdmException e) {
      failure.addSuppressed(
          new LeftBehindException(
              List.of("everything of migration " + migrationId + " (" + Failures.words(e) + ")")));
    }
    return failure;
  }

  private PreparedChange prepare(
      SessionFactory guarded, Session session, long id, boolean streaming) throws SQLException {
    TableInfo table = planned.source().table();
    Working.Names names =
        MigrationNames.tables(id, table.schema(), table.name(), planned.elsewhere());
    Working working =
        new Working(
            id, planned.source(), planned.spec(), planned.identity(), names, planned.keys(), false);
    // what is going to exist is recorded first, so that it can be found if we die in between
    session.update(
        "UPDATE zdm_osc.migration SET shadow_schema = ?, shadow_name = ?, retired_schema = ?,"
            + " retired_name = ? WHERE id = ?",
        names.shadowSchema(),
        names.shadow(),
        names.retiredSchema(),
        names.retired(),
        id);
    Optional<LogStart> start =
        streaming ? Optional.of(note(guarded, session, id)) : Optional.empty();
    List<String> changes =
        Fingerprint.take(session, table.schema(), table.name()).changesSince(planned.shape());
    if (!changes.isEmpty()) {
      throw new MigrationFailedException(
          "Table "
              + planned.plan().table()
              + " has changed since it was planned: "
              + String.join("; ", changes)
              + ".",
          "Nothing of it was touched.",
          "Run the migration again.");
    }
    if (planned.elsewhere()) {
      session.execute("CREATE DATABASE IF NOT EXISTS " + Sql.name(names.retiredSchema()));
    }
    TriggerRecord.write(session, id, planned.source().triggers());
    PreparedRecord record =
        new PreparedRecord(
            working, planned.shape(), start, planned.back().map(back -> back.working(working)));
    record.write(session);
    for (String statement : new ShadowTable(planned.spec(), planned.identity()).create(names)) {
      session.execute(statement);
    }
    return new MySqlPreparedChange(guarded, record);
  }

  private static LogStart note(SessionFactory guarded, Session session, long id)
      throws SQLException {
    try (FenceWriter fences = new FenceWriter(guarded, id)) {
      return LogStart.note(session, fences);
    }
  }
}
