package io.zdmosc.harness.migration;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.MigrationStatus;
import io.zdmosc.engine.spi.Orders;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A migration that holds its retired table in step, on a thread of its own. */
public final class HeldMigration implements AutoCloseable {
  public static final String FOLLOWING = "the retired table is kept in step";

  private final Database driven;
  private final Database other;
  private final ControlStore control;
  private final Trail trail = new Trail();
  private final Migration migration;
  private final CompletableFuture<Summary> end;
  private final long least;
  private final long id;

  /** Begins one, and returns when the new table serves and the retired one follows. */
  public static HeldMigration begin(
      Supplier<Database> opened, String table, String alter, Map<String, String> reverse) {
    return begin(opened, table, alter, reverse, Runs.options());
  }

  public static HeldMigration begin(
      Supplier<Database> opened,
      String table,
      String alter,
      Map<String, String> reverse,
      RunOptions options) {
    return begin(opened, new ChangeRequest(table, alter, "", true, reverse), options);
  }

  /** Begins one that is to be held. */
  public static HeldMigration begin(Supplier<Database> opened, ChangeRequest request) {
    return begin(opened, request, Runs.options());
  }

  private static HeldMigration begin(
      Supplier<Database> opened, ChangeRequest request, RunOptions options) {
    return new HeldMigration(
        opened, 0, (database, trail) -> new Migration(database, request, options, trail));
  }

  /** Goes on with one, and returns when the retired table follows. */
  public static HeldMigration follow(Supplier<Database> opened, long id) {
    return new HeldMigration(
        opened, id, (database, trail) -> Migration.unfinished(database, id, false, trail));
  }

  /** Makes a migration. */
  private interface Maker {
    Migration make(Database database, Trail trail);
  }

  /** The control schema of MySQL is the whole server's: a new one has a higher number. */
  private HeldMigration(Supplier<Database> opened, long known, Maker maker) {
    driven = opened.get();
    other = opened.get();
    control = other.control();
    least =
        known > 0
            ? known
            : 1 + control.latest(1).stream().mapToLong(MigrationStatus::id).findFirst().orElse(0);
    migration = maker.make(driven, trail);
    end = CompletableFuture.supplyAsync(migration::run);
    await(status -> status.state() == MigrationState.SWAPPED && status.alive());
    id = latest().orElseThrow().id();
    awaitDetail(FOLLOWING);
  }

  private Optional<MigrationStatus> latest() {
    return control.latest(50).stream()
        .filter(status -> status.id() >= least)
        .min(Comparator.comparing(MigrationStatus::id));
  }

  private void await(Predicate<MigrationStatus> condition) {
    try {
      Awaitility.await()
          .atMost(Runs.PATIENCE)
          .until(() -> end.isDone() || latest().filter(condition).isPresent());
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(trail + "\n" + latest(), e);
    }
    if (end.isDone()) {
      end(); // throws
    }
  }

  /** Waits for what the status says. */
  public void awaitDetail(String part) {
    await(status -> status.detail().contains(part));
  }

  public long id() {
    return id;
  }

  public ControlStore control() {
    return control;
  }

  public MigrationStatus status() {
    return latest().orElseThrow();
  }

  public Trail trail() {
    return trail;
  }

  public void order(Orders.Ending ending) {
    control.order(id, orders -> orders.ending(Optional.of(ending)));
  }

  /** Orders an end, and waits for it. */
  public Summary end(Orders.Ending ending) {
    order(ending);
    return end();
  }

  public Summary end() {
    return end.orTimeout(240, TimeUnit.SECONDS).join(); // a busy application may win for long
  }

  /** Stops following, as by Ctrl-C; the way it ended. */
  public Throwable stop() {
    migration.abort();
    return end.<Throwable>handle((summary, failure) -> failure.getCause())
        .orTimeout(60, TimeUnit.SECONDS)
        .join();
  }

  @Override
  public void close() {
    migration.abort();
    end.handle((summary, failure) -> null).orTimeout(60, TimeUnit.SECONDS).join();
    driven.close();
    other.close();
  }

  @Override
  public String toString() {
    return trail.toString();
  }
}
