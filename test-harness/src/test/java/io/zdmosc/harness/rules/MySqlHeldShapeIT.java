package io.zdmosc.harness.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.Migration;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.spi.ChangeListener;
import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.FlushResult;
import io.zdmosc.engine.spi.Flusher;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.Orders.Ending;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.engine.spi.SourceWatch;
import io.zdmosc.harness.migration.HeldMigration;
import io.zdmosc.harness.migration.mysql.FamilyTables;
import io.zdmosc.harness.migration.mysql.MySqlTraces;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The new table is changed while the retired one follows it: what is said of the way back holds,
 * whoever sees the change first.
 */
class MySqlHeldShapeIT {
  private final AtomicBoolean streamWaits = new AtomicBoolean();
  private final AtomicBoolean streamStands = new AtomicBoolean();
  private final AtomicBoolean seen = new AtomicBoolean();
  private final AtomicBoolean flushWaits = new AtomicBoolean();
  private final AtomicBoolean flushBegun = new AtomicBoolean();
  private final AtomicBoolean flushFailed = new AtomicBoolean();
  private MySqlDatabase database;

  @BeforeEach
  void createTable() throws SQLException {
    database = SharedMySqlServers.freshDatabase(FamilyTables.release());
    database.execute("CREATE TABLE t (id INT PRIMARY KEY, n INT)", "INSERT INTO t VALUES (1, 1)");
  }

  @AfterEach
  void dropDatabase() throws SQLException {
    database.close();
  }

  /** At a fence; the watch writes one every second. */
  private void haveTheStreamWait() {
    streamWaits.set(true);
    Until.holds("the stream stands", streamStands::get);
  }

  private HeldMigration hold() {
    return HeldMigration.begin(
        () -> new InterceptedDatabase(BrokenOffKeys.open(database), Forth::new),
        "t",
        "ADD COLUMN x INT",
        Map.of());
  }

  /** The log cannot be read past an ALTER TABLE, so it is no use to take that back. */
  @Test
  void anAlterLeavesOnlyTheContractAlsoWhenTheWatchSeesItFirst() throws Exception {
    try (HeldMigration held = hold()) {
      haveTheStreamWait();
      database.execute("ALTER TABLE t ADD COLUMN later INT");
      Until.holds("the watch has seen it", seen::get);
      streamWaits.set(false);
      assertThatThrownBy(held::end)
          .cause()
          .isInstanceOfSatisfying(
              MigrationFailedException.class, e -> assertIsOnlyContracted(e, held.id()));

      database.execute("ALTER TABLE t DROP COLUMN later");
      assertThatThrownBy(() -> follow(held.id()))
          .isInstanceOfSatisfying(
              MigrationFailedException.class, e -> assertIsOnlyContracted(e, held.id()));
      assertThat(end(held.id(), Ending.CONTRACT)).isEqualTo(MigrationState.CONTRACTED);
      MySqlTraces.assertNone(database);
    }
  }

  /** A flush needs the columns at once. */
  @Test
  void anAlterLeavesOnlyTheContractAlsoWhenAFlushMeetsItFirst() throws Exception {
    try (HeldMigration held = hold()) {
      flushWaits.set(true);
      database.execute("INSERT INTO t (id, n) VALUES (2, 2)");
      Until.holds("a flush is about to begin", flushBegun::get);
      haveTheStreamWait();
      database.execute("ALTER TABLE t DROP COLUMN n");
      flushWaits.set(false);
      Until.holds("the flush has failed", flushFailed::get);
      streamWaits.set(false);
      assertThatThrownBy(held::end)
          .cause()
          .isInstanceOfSatisfying(
              MigrationFailedException.class, e -> assertIsOnlyContracted(e, held.id()));
      assertThat(end(held.id(), Ending.CONTRACT)).isEqualTo(MigrationState.CONTRACTED);
    }
  }

  private static void assertIsOnlyContracted(MigrationFailedException failure, long id) {
    assertThat(failure.getMessage()).contains("was changed");
    assertThat(failure.state()).contains("no way back");
    assertThat(failure.next()).isEqualTo("zdm-osc contract --id " + id + " ends it.");
  }

  /** The log says nothing of the table then. */
  @Test
  void triggersAndKeysOfOtherTablesCanBeTakenBack() throws Exception {
    try (HeldMigration held = hold()) {
      database.execute(
          "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.n = 7",
          "CREATE TABLE c (id INT PRIMARY KEY, FOREIGN KEY (id) REFERENCES t (id))",
          "INSERT INTO t (id) VALUES (2)");
      assertThatThrownBy(held::end)
          .hasMessageContaining("its triggers were changed; its incoming foreign keys were changed")
          .hasMessageContaining("has to be taken back before it is followed on")
          .cause()
          .isInstanceOfSatisfying(
              MigrationFailedException.class,
              e -> assertThat(e.next()).startsWith("zdm-osc follow --id " + held.id()));

      database.execute("DROP TRIGGER tr", "DROP TABLE c", "INSERT INTO t (id, n) VALUES (3, 3)");
      assertThat(end(held.id(), Ending.ROLLBACK_AND_DROP)).isEqualTo(MigrationState.ROLLED_BACK);
      assertThat(database.queryText("SELECT GROUP_CONCAT(n ORDER BY id) FROM t"))
          .isEqualTo("1,7,3");
      MySqlTraces.assertNone(database);
    }
  }

  private MigrationState end(long id, Ending ending) {
    try (Database opened = BrokenOffKeys.open(database)) {
      opened.control().order(id, orders -> orders.ending(Optional.of(ending)));
    }
    return follow(id);
  }

  private MigrationState follow(long id) {
    try (Database opened = BrokenOffKeys.open(database)) {
      return Migration.unfinished(opened, id, false, MigrationListener.none()).run().state();
    }
  }

  private final class Forth extends ChangeDelegate {
    Forth(PreparedChange change) {
      super(change);
    }

    @Override
    public Optional<PreparedChange> wayBack() {
      return super.wayBack().map(Back::new);
    }
  }

  /** Its stream and its flushes wait when they are told to; what its watch sees is noted. */
  private final class Back extends ChangeDelegate {
    Back(PreparedChange change) {
      super(change);
    }

    @Override
    public ChangeStream openStream() {
      return new StreamDelegate(super.openStream()) {
        @Override
        public void start(ChangeListener listener) {
          super.start(
              new ListenerDelegate(listener) {
                @Override
                public void onFence(String token) {
                  streamStands.set(streamWaits.get());
                  Until.holds("the stream may go on", () -> !streamWaits.get());
                  super.onFence(token);
                }
              });
        }
      };
    }

    @Override
    public Flusher openFlusher() {
      return new FlusherDelegate(super.openFlusher()) {
        @Override
        public FlushResult flush(List<Key> keys, boolean check) {
          flushBegun.set(true);
          Until.holds("flushes may go on", () -> !flushWaits.get());
          try {
            return super.flush(keys, check);
          } catch (RuntimeException e) {
            flushFailed.set(true);
            throw e;
          }
        }
      };
    }

    @Override
    public SourceWatch openWatch() {
      return noting(super.openWatch(), changes -> seen.set(true));
    }
  }

  private static SourceWatch noting(SourceWatch watch, Consumer<List<?>> changed) {
    return (SourceWatch)
        Proxy.newProxyInstance(
            SourceWatch.class.getClassLoader(),
            new Class<?>[] {SourceWatch.class},
            (proxy, method, arguments) -> {
              try {
                Object answer = method.invoke(watch, arguments);
                if (method.getName().equals("shapeChanges")
                    && answer instanceof List<?> changes
                    && !changes.isEmpty()) {
                  changed.accept(changes);
                }
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
