package io.zdmosc.mysql;

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
import io.zdmosc.mysql.catalog.Catalog;
import io.zdmosc.mysql.control.Debris;
import io.zdmosc.mysql.control.MySqlControlStore;
import io.zdmosc.mysql.control.MySqlLease;
import io.zdmosc.mysql.control.MySqlScheduleSession;
import io.zdmosc.mysql.dump.SqlDump;
import io.zdmosc.mysql.foreignkey.KeySettlement;
import io.zdmosc.mysql.plan.MySqlPlanner;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import io.zdmosc.mysql.stream.DurablePosition;
import io.zdmosc.mysql.trigger.ShadowTriggers;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** A MySQL or MariaDB server. */
final class MySqlDatabase implements Database {
  private final SessionFactory sessions;
  private final String description;

  MySqlDatabase(SessionFactory sessions, String description) {
    this.sessions = sessions;
    this.description = description;
  }

  @Override
  public String describe() {
    return description;
  }

  @Override
  public PlannedChange plan(ChangeRequest request) {
    return new MySqlPlannedChange(sessions, new MySqlPlanner(sessions).plan(request));
  }

  @Override
  public ControlStore control() {
    return new MySqlControlStore(sessions);
  }

  @Override
  public ScheduleSession openSchedule() {
    return MySqlScheduleSession.open(sessions);
  }

  @Override
  public TrafficLog traffic(String table) {
    return new MySqlTrafficLog(sessions, table);
  }

  @Override
  public LoadWatch openLoad(long migrationId) {
    return new MySqlLoadWatch(sessions.open("load"), sessions::ids, migrationId);
  }

  @Override
  public ReplicaWatch openReplica(String url) {
    return MySqlReplicaWatch.open(sessions.settings(), url);
  }

  @Override
  public List<String> replicas() {
    try (Session session = sessions.open("replicas")) {
      String scheme = sessions.settings().url().replaceFirst("(?s)//.*", "//");
      return ReplicaStatus.announced(session).stream().map(host -> scheme + host + "/").toList();
    } catch (SQLException e) {
      throw RefusedException.of(
          "--replica=auto",
          "the server does not say which replicas it has: " + Failures.words(e),
          "Name them by their URLs, or: GRANT REPLICATION SLAVE (on MariaDB: REPLICATION MASTER"
              + " ADMIN) ON *.* TO the user");
    }
  }

  @Override
  public Optional<PreparedChange> reopen(ControlStore.Lease lease) {
    long id = lease.migrationId();
    SessionFactory guarded = ((MySqlLease) lease).sessions();
    try (Session session = guarded.openUncancelled("reopen")) {
      Optional<PreparedRecord> record = PreparedRecord.read(session, id);
      if (record.isPresent()) {
        Optional<MySqlPreparedChange> change = reopen(guarded, session, record.get());
        if (change.isPresent()) {
          return Optional.of(change.get());
        }
      }
      removeRest(guarded, session, id);
      return Optional.empty();
    } catch (SQLException e) {
      throw Failures.failed("going on with migration " + id, e);
    }
  }

  private static Optional<MySqlPreparedChange> reopen(
      SessionFactory guarded, Session session, PreparedRecord record) throws SQLException {
    Optional<DurablePosition.Place> place =
        DurablePosition.read(session, record.working().migrationId());
    MySqlPreparedChange change =
        new MySqlPreparedChange(
            guarded,
            record.startingAt(record.start().map(start -> place.map(start::later).orElse(start))));
    if (change.isBeyondTheSwap()) {
      return Optional.of(change);
    }
    if (!change.hasShadow(session)) {
      return Optional.empty();
    }
    // an attempt at the cut-over that was killed may have left them: no write may fire them
    ShadowTriggers.removeAll(session, record.working());
    settleKeys(guarded, record.working().migrationId());
    return Optional.of(change);
  }

  /** The same attempt may have left keys under temporary names: no flush may meet them. */
  private static void settleKeys(SessionFactory guarded, long id) throws SQLException {
    List<String> left = KeySettlement.run(guarded, id);
    if (!left.isEmpty()) {
      throw MigrationFailedException.passing(
          "Foreign keys could not be put back: " + String.join("; ", left),
          "The source table serves; keys that refer to it may refuse writes.",
          "zdm-osc resume, or zdm-osc cleanup.",
          null);
    }
  }

  private static void removeRest(SessionFactory guarded, Session session, long id)
      throws SQLException {
    List<String> left = new Debris(guarded, session, id).remove();
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
      Working.Names names =
          PreparedRecord.read(session, migrationId)
              .map(record -> record.working().names())
              .orElseThrow(() -> hasNoRetired(migrationId));
      if (new Catalog(session).table(names.retiredSchema(), names.retired()).isEmpty()) {
        throw hasNoRetired(migrationId);
      }
      SqlDump.write(session, names.retiredSchema(), names.retired(), to);
    } catch (SQLException e) {
      throw new MigrationFailedException(
          "Broke off while writing the retired table of migration "
              + migrationId
              + ": "
              + Failures.words(e),
          "Nothing was dropped.",
          "Run it again once the cause is gone.",
          e);
    }
  }

  private static RefusedException hasNoRetired(long migrationId) {
    return RefusedException.of(
        "migration " + migrationId, "has no retired table", "zdm-osc status says how it stands.");
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
