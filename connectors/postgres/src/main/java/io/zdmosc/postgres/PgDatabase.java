package io.zdmosc.postgres;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.LoadWatch;
import io.zdmosc.engine.spi.PlannedChange;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.engine.spi.ReplicaWatch;
import io.zdmosc.engine.spi.ScheduleSession;
import io.zdmosc.engine.spi.TrafficLog;
import io.zdmosc.postgres.control.Debris;
import io.zdmosc.postgres.control.PgControlStore;
import io.zdmosc.postgres.control.PgLease;
import io.zdmosc.postgres.control.PgScheduleSession;
import io.zdmosc.postgres.dump.TableDump;
import io.zdmosc.postgres.plan.PgPlanner;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** A database on a PostgreSQL server. */
final class PgDatabase implements Database {
  private final SessionFactory sessions;
  private final String description;

  PgDatabase(SessionFactory sessions, String description) {
    this.sessions = sessions;
    this.description = description;
  }

  @Override
  public String describe() {
    return description;
  }

  @Override
  public PlannedChange plan(ChangeRequest request) {
    return new PgPlannedChange(sessions, new PgPlanner(sessions).plan(request));
  }

  @Override
  public ControlStore control() {
    return new PgControlStore(sessions);
  }

  @Override
  public ScheduleSession openSchedule() {
    return PgScheduleSession.open(sessions);
  }

  @Override
  public TrafficLog traffic(String table) {
    return new PgTrafficLog(sessions, table);
  }

  @Override
  public LoadWatch openLoad(long migrationId) {
    return new PgLoadWatch(sessions.open("load"), migrationId);
  }

  /** The primary knows its standbys and subscribers; those behind them are not its own. */
  @Override
  public ReplicaWatch openReplica(String url) {
    throw RefusedException.of(
        "--replica",
        "is for MySQL and MariaDB: a PostgreSQL primary says itself how far its standbys and"
            + " subscribers are behind",
        "Leave it out.");
  }

  @Override
  public List<String> replicas() {
    return List.of();
  }

  @Override
  public Optional<PreparedChange> reopen(ControlStore.Lease lease) {
    long id = lease.migrationId();
    try {
      SessionFactory guarded = ((PgLease) lease).sessions();
      try (Session session = guarded.openUncancelled("reopen")) {
        Optional<PreparedRecord> record = PreparedRecord.read(session, id);
        if (record.isEmpty()) {
          removeRest(session, id);
        }
        return record.map(it -> new PgPreparedChange(guarded.withDefaults(it.defaults()), it));
      }
    } catch (SQLException e) {
      throw Failures.failed("going on with migration " + id, e);
    }
  }

  private static void removeRest(Session session, long id) throws SQLException {
    List<String> left = new Debris(session, id).remove();
    if (!left.isEmpty()) {
      throw new MigrationFailedException(
          "Could not remove what was half prepared: " + String.join("; ", left),
          "The source table is untouched.",
          "zdm-osc cleanup, then run the migration again.");
    }
  }

  @Override
  public void dumpRetired(long migrationId, OutputStream to) throws IOException {
    try (Session session = sessions.open("dump")) {
      Optional<PreparedRecord> record = PreparedRecord.read(session, migrationId);
      if (record.isEmpty()) {
        throw RefusedException.of(
            "migration " + migrationId,
            "has no retired table",
            "zdm-osc status says how it stands.");
      }
      TableDump.write(session, record.get().working().source().table().oid(), to);
    } catch (SQLException e) {
      throw Failures.failed("writing the retired table of migration " + migrationId, e);
    }
  }

  @Override
  public void interrupt() {
    sessions.cancelAll();
  }

  @Override
  public void close() {
    // sessions are opened and closed by those who use them
  }
}
