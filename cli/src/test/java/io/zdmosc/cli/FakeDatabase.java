package io.zdmosc.cli;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.Connector;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.LoadWatch;
import io.zdmosc.engine.spi.MigrationStatus;
import io.zdmosc.engine.spi.Orders;
import io.zdmosc.engine.spi.PlannedChange;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.engine.spi.ReplicaWatch;
import io.zdmosc.engine.spi.ScheduleSession;
import io.zdmosc.engine.spi.TrafficLog;
import io.zdmosc.engine.spi.Transition;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A database in memory that plans what it is told to and remembers who asked. */
final class FakeDatabase implements Connector, Database, ControlStore {
  final List<ConnectionSettings> connections = new ArrayList<>();
  final List<ChangeRequest> requests = new ArrayList<>();
  final List<Unfinished> unfinished = new ArrayList<>();
  final Map<Long, Orders> orders = new HashMap<>();
  final Map<Long, MigrationStatus.Report> reports = new HashMap<>();
  final FakeSchedule schedule = new FakeSchedule();
  final List<String> resumed = new ArrayList<>();
  final List<Unfinished> removed = new ArrayList<>();
  final List<String> strays = new ArrayList<>();
  List<String> cannotRemove = List.of();
  String password;
  TrafficLog traffic;
  Function<ChangeRequest, Plan> planner =
      request -> {
        throw new IllegalStateException("no plan expected");
      };
  int open;

  @Override
  public boolean accepts(String jdbcUrl) {
    return jdbcUrl.startsWith("jdbc:fake:");
  }

  @Override
  public Database connect(ConnectionSettings settings) {
    connections.add(settings);
    if (password != null && !password.equals(settings.password())) {
      throw new RefusedException(
          RefusedException.of(settings.url(), "password authentication failed", "").problems(),
          new SQLException("no", "28P01"));
    }
    open++;
    return this;
  }

  @Override
  public String describe() {
    return "a fake";
  }

  @Override
  public PlannedChange plan(ChangeRequest request) {
    requests.add(request);
    Plan plan = planner.apply(request);
    return new PlannedChange() {
      @Override
      public Plan plan() {
        return plan;
      }

      @Override
      public PreparedChange prepare(
          ControlStore.Lease lease, boolean streaming, Consumer<String> notes) {
        throw new UnsupportedOperationException();
      }
    };
  }

  @Override
  public void dumpRetired(long migrationId, OutputStream to) throws IOException {
    to.write(("dump of " + migrationId).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public ControlStore control() {
    return this;
  }

  @Override
  public Lease register(Plan plan, String order, boolean dryRun, OptionalLong scheduleEntry) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Lease resume(long migrationId, boolean takeOver) {
    resumed.add(migrationId + (takeOver ? " taken over" : ""));
    throw RefusedException.of("migration " + migrationId, "is a fake", "Expect no more of it.");
  }

  @Override
  public LoadWatch openLoad(long migrationId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ReplicaWatch openReplica(String url) {
    throw RefusedException.of(url, "does not answer", "");
  }

  @Override
  public List<String> replicas() {
    return List.of();
  }

  @Override
  public Optional<PreparedChange> reopen(Lease lease) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Unfinished> unfinished() {
    return List.copyOf(unfinished);
  }

  @Override
  public List<MigrationStatus> latest(int count) {
    return unfinished.stream()
        .map(
            each ->
                new MigrationStatus(
                    each.id(),
                    each.table(),
                    "ADD COLUMN x int",
                    each.state(),
                    "",
                    false,
                    true,
                    each.alive(),
                    "1@host",
                    5,
                    10,
                    Instant.EPOCH,
                    Instant.EPOCH,
                    orders.getOrDefault(each.id(), Orders.NONE),
                    Optional.ofNullable(reports.get(each.id()))))
        .toList();
  }

  @Override
  public List<Transition> history(long migrationId) {
    return List.of(new Transition(Instant.EPOCH, MigrationState.COPYING, "resumed"));
  }

  @Override
  public void order(long migrationId, UnaryOperator<Orders> change) {
    orders.merge(migrationId, change.apply(Orders.NONE), (before, now) -> change.apply(before));
  }

  @Override
  public List<String> remove(Unfinished migration) {
    removed.add(migration);
    return cannotRemove;
  }

  @Override
  public TrafficLog traffic(String table) {
    return traffic;
  }

  @Override
  public ScheduleSession openSchedule() {
    return schedule;
  }

  @Override
  public List<String> strays() {
    return List.copyOf(strays);
  }

  @Override
  public List<String> removeStrays() {
    strays.clear();
    return cannotRemove;
  }

  @Override
  public void interrupt() {
    // nothing runs here
  }

  @Override
  public void close() {
    open--;
  }
}
