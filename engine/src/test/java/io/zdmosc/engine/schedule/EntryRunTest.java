package io.zdmosc.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.BusyException;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.error.UnfitChangeException;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.schedule.EntryOutcome.End;
import io.zdmosc.engine.schedule.ScheduleEntry.OwnMigration;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.LoadWatch;
import io.zdmosc.engine.spi.PlannedChange;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.engine.spi.ReplicaWatch;
import io.zdmosc.engine.spi.ScheduleSession;
import io.zdmosc.engine.spi.TrafficLog;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What becomes of an entry whose migration cannot be begun. */
class EntryRunTest {
  private final MemorySchedule memory = new MemorySchedule();
  private final long id = memory.add("a", 0);
  private final List<ChangeRequest> planned = new ArrayList<>();
  private int open;

  @Test
  void refusedByThePlanItHasFailed() {
    EntryOutcome outcome = run(RefusedException.of("table a", "has a view", "Drop it."));
    assertThat(outcome.end()).isEqualTo(End.FAILED);
    assertThat(memory.get(id).state()).isEqualTo(EntryState.FAILED);
    assertThat(memory.get(id).detail()).contains("table a: has a view");
    assertThat(memory.get(id).isWorthAnother()).isTrue();
    assertThat(planned).extracting(ChangeRequest::table).containsExactly("a");
    assertThat(open).isZero();
  }

  @Test
  void aChangeThatDoesNotFitIsToBeAddedAnew() {
    Problem problem = new Problem("ALTER TABLE ADD x int", "x exists already", "Mend the clause.");
    EntryOutcome outcome = run(new UnfitChangeException(List.of(problem), null));
    assertThat(outcome.end()).isEqualTo(End.FAILED);
    assertThat(memory.get(id).detail())
        .contains("x exists already", "Next: zdm-osc schedule remove --id " + id)
        .contains("then add it anew: zdm-osc schedule add");
    assertThat(memory.get(id).isWorthAnother()).isFalse();
  }

  @Test
  void whileAnotherMigrationOfTheTableIsUnfinishedItWaits() {
    EntryOutcome outcome = run(BusyException.unfinished("a", 3, MigrationState.COPYING, true));
    assertThat(outcome.end()).isEqualTo(End.LATER);
    assertThat(memory.get(id).state()).isEqualTo(EntryState.WAITING);
  }

  @Test
  void aLostConnectionDoesNotEndIt() {
    EntryOutcome outcome = run(MigrationFailedException.passing("lost", "", "", null));
    assertThat(outcome).isEqualTo(new EntryOutcome(End.LATER, "lost"));
    assertThat(memory.get(id).state().hasEnded()).isFalse();
  }

  @Test
  void aServerThatIsNotThereDoesNotEndIt() {
    EntryRun run =
        new EntryRun(
            memory.get(id),
            memory.schedule(),
            () -> {
              throw RefusedException.of("db", "connection refused", "");
            },
            MigrationListener.none());
    assertThat(run.run().end()).isEqualTo(End.LATER);
    assertThat(memory.get(id).state()).isEqualTo(EntryState.WAITING);
  }

  @Test
  void toldToStopBeforeItBeganItIsNotBegun() {
    EntryRun run =
        new EntryRun(
            memory.get(id),
            memory.schedule(),
            () -> new Refusing(new IllegalStateException("not to be planned")),
            MigrationListener.none());
    run.suspend();
    assertThat(run.run().end()).isEqualTo(End.SUSPENDED);
    assertThat(memory.get(id).state()).isEqualTo(EntryState.WAITING);
    assertThat(planned).isEmpty();
  }

  @Test
  void anotherVersionsEntryHasFailed() {
    memory.record(id, "{}");
    EntryOutcome outcome = run(new IllegalStateException("not to be planned"));
    assertThat(outcome.end()).isEqualTo(End.FAILED);
    assertThat(memory.get(id).detail()).contains("another version", "add it anew");
    assertThat(memory.get(id).isWorthAnother()).isFalse();
    assertThat(planned).isEmpty();
  }

  @Test
  void whatHasEndedMeanwhileIsOnlyWrittenDown() {
    own(MigrationState.CONTRACTED, "a note");
    assertThat(run(new IllegalStateException())).isEqualTo(new EntryOutcome(End.DONE, "a note"));
    assertThat(memory.get(id).state()).isEqualTo(EntryState.DONE);
    assertThat(planned).isEmpty();
  }

  @Test
  void whatWasAbortedMeanwhileHasFailed() {
    own(MigrationState.ABORTED, "The migration was stopped.");
    assertThat(run(new IllegalStateException()).end()).isEqualTo(End.FAILED);
    assertThat(memory.get(id).detail()).isEqualTo("The migration was stopped.");
  }

  @Test
  void whatWasRolledBackMeanwhileHasFailed() {
    own(MigrationState.ROLLED_BACK, "");
    assertThat(run(new IllegalStateException()).end()).isEqualTo(End.FAILED);
    assertThat(memory.get(id).detail()).isEqualTo("It was rolled back by order.");
  }

  @Test
  void anErrorOfTheProcessIsWrittenDown() {
    EntryRun run =
        new EntryRun(
            memory.get(id),
            memory.schedule(),
            () -> new Refusing(new NoClassDefFoundError("gone")),
            MigrationListener.none());
    assertThat(run.run().end()).isEqualTo(End.FAILED);
    assertThat(memory.get(id).detail()).contains("NoClassDefFoundError: gone");
    assertThat(open).isZero();
  }

  private void own(MigrationState state, String detail) {
    memory.put(
        id,
        EntryState.RUNNING,
        Optional.of(new OwnMigration(7, state, detail, false, false)),
        OptionalLong.empty());
  }

  private EntryOutcome run(RuntimeException refusal) {
    return new EntryRun(
            memory.get(id),
            memory.schedule(),
            () -> new Refusing(refusal),
            MigrationListener.none())
        .run();
  }

  /** A database that plans nothing. */
  private final class Refusing implements Database {
    private final Throwable refusal;

    private Refusing(Throwable refusal) {
      this.refusal = refusal;
      open++;
    }

    @Override
    public String describe() {
      return "refusing";
    }

    @Override
    public PlannedChange plan(ChangeRequest request) {
      planned.add(request);
      if (refusal instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) refusal;
    }

    @Override
    public ControlStore control() {
      throw new UnsupportedOperationException();
    }

    @Override
    public ScheduleSession openSchedule() {
      throw new UnsupportedOperationException();
    }

    @Override
    public TrafficLog traffic(String table) {
      throw new UnsupportedOperationException();
    }

    @Override
    public LoadWatch openLoad(long migrationId) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ReplicaWatch openReplica(String url) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<String> replicas() {
      return List.of();
    }

    @Override
    public void dumpRetired(long migrationId, OutputStream to) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<PreparedChange> reopen(ControlStore.Lease lease) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void interrupt() {
      // nothing runs
    }

    @Override
    public void close() {
      open--;
    }
  }
}
