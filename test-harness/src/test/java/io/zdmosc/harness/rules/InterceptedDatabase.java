package io.zdmosc.harness.rules;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.LoadWatch;
import io.zdmosc.engine.spi.PlannedChange;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.engine.spi.ReplicaWatch;
import io.zdmosc.engine.spi.ScheduleSession;
import io.zdmosc.engine.spi.TrafficLog;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A database whose prepared changes a test has wrapped. */
public record InterceptedDatabase(Database database, UnaryOperator<PreparedChange> wrapper)
    implements Database {

  @Override
  public String describe() {
    return database.describe();
  }

  @Override
  public PlannedChange plan(ChangeRequest request) {
    PlannedChange planned = database.plan(request);
    return new PlannedChange() {
      @Override
      public Plan plan() {
        return planned.plan();
      }

      @Override
      public PreparedChange prepare(
          ControlStore.Lease lease, boolean streaming, Consumer<String> notes) {
        return wrapper.apply(planned.prepare(lease, streaming, notes));
      }
    };
  }

  @Override
  public ControlStore control() {
    return database.control();
  }

  @Override
  public ScheduleSession openSchedule() {
    return database.openSchedule();
  }

  @Override
  public TrafficLog traffic(String table) {
    return database.traffic(table);
  }

  @Override
  public LoadWatch openLoad(long migrationId) {
    return database.openLoad(migrationId);
  }

  @Override
  public ReplicaWatch openReplica(String url) {
    return database.openReplica(url);
  }

  @Override
  public List<String> replicas() {
    return database.replicas();
  }

  @Override
  public Optional<PreparedChange> reopen(ControlStore.Lease lease) {
    return database.reopen(lease).map(wrapper);
  }

  @Override
  public void dumpRetired(long migrationId, OutputStream to) throws IOException {
    database.dumpRetired(migrationId, to);
  }

  @Override
  public void interrupt() {
    database.interrupt();
  }

  @Override
  public void close() {
    database.close();
  }
}
