package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.spi.CutOver;
import io.zdmosc.engine.spi.Orders.Ending;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.engine.spi.SourceWatch;
import io.zdmosc.harness.rules.ChangeDelegate;
import io.zdmosc.harness.rules.CutOverDelegate;
import io.zdmosc.harness.rules.InterceptedDatabase;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/**
 * Who looks at the source's shape may come to it right behind the swap, or be overtaken by it. What
 * the swap itself did is no change of the source: the run would be called failed after it is done.
 */
class LookAtTheSwapIT {

  @Test
  void whatTheSwapDidIsNoChangeOfTheSource() throws Exception {
    List<List<String>> seen = new CopyOnWriteArrayList<>();
    try (TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor())) {
      database.execute(
          "CREATE TABLE t (id integer PRIMARY KEY, v text CHECK (v <> ''))",
          "CREATE INDEX ON t (v)",
          "INSERT INTO t SELECT n, 'x' FROM generate_series(1, 100) n");
      try (HeldMigration held =
          HeldMigration.begin(
              () ->
                  new InterceptedDatabase(
                      Runs.open(database), change -> new LookingChange(change, seen)),
              "t",
              "ALTER COLUMN id TYPE bigint",
              Map.of())) {
        assertThat(seen).containsExactly(List.of());
        held.end(Ending.ROLLBACK_AND_DROP);
      }
      assertThat(seen).containsExactly(List.of(), List.of());
    }
  }

  /** Looks as soon as the swap is committed, on the way there and back. */
  private static final class LookingChange extends ChangeDelegate {
    private final PreparedChange change;
    private final List<List<String>> seen;

    private LookingChange(PreparedChange change, List<List<String>> seen) {
      super(change);
      this.change = change;
      this.seen = seen;
    }

    @Override
    public Optional<PreparedChange> wayBack() {
      return change.wayBack().map(back -> new LookingChange(back, seen));
    }

    @Override
    public CutOver openCutOver() {
      return new CutOverDelegate(super.openCutOver()) {
        @Override
        public void commit() {
          try (SourceWatch watch = change.openWatch()) {
            super.commit();
            seen.add(watch.shapeChanges());
          }
        }
      };
    }
  }
}
