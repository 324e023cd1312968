package io.zdmosc.cli;

import io.zdmosc.cli.config.Settings;
import io.zdmosc.cli.output.OutputFormat;
import io.zdmosc.cli.output.SteeringReport;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.ExitCode;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.ControlStore.Unfinished;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.MigrationStatus;
import io.zdmosc.engine.spi.Orders.Ending;
import io.zdmosc.engine.spi.Transition;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Orders how a held migration ends. The process that follows carries it out and is watched; where
 * there is none, or where it dies over it, this one does it.
 */
final class EndOrder {
  private static final int LATEST = 1_000;
  private static final long EVERY_MILLIS = 300;

  private final Context context;
  private final Settings settings;
  private final OutputFormat format;

  EndOrder(Context context, Settings settings, OutputFormat format) {
    this.context = context;
    this.settings = settings;
    this.format = format;
  }

  /** The exit status. */
  int give(
      Database database,
      Unfinished migration,
      Ending ending,
      Function<MigrationListener, Migration> here) {
    ControlStore control = database.control();
    int known = control.history(migration.id()).size();
    control.order(migration.id(), orders -> orders.ending(Optional.of(ending)));
    Optional<ExitCode> end =
        migration.alive() ? watch(control, migration, ending, known) : Optional.empty();
    return end.isPresent()
        ? end.get().status()
        : new DrivenMigration(context, settings, format, OnStop.KEEP).run(here);
  }

  /** Empty when the process that was to do it is gone. */
  private Optional<ExitCode> watch(
      ControlStore control, Unfinished migration, Ending ending, int known) {
    SteeringReport report = new SteeringReport(context.out(), format);
    int told = known;
    while (true) {
      MigrationStatus status =
          control.latest(LATEST).stream()
              .filter(each -> each.id() == migration.id())
              .findFirst()
              .orElseThrow();
      List<Transition> all = control.history(migration.id());
      List<Transition> fresh = all.subList(Math.min(told, all.size()), all.size());
      report.passed(migration, fresh);
      told = all.size();
      if (!status.open()) {
        return Optional.of(ended(status, ending));
      }
      if (!status.alive()) {
        return Optional.empty();
      }
      if (status.orders().ending().isEmpty()) {
        throw refused(status, fresh, all);
      }
      rest();
    }
  }

  private static ExitCode ended(MigrationStatus status, Ending ending) {
    boolean asOrdered = ending.isRollback() == (status.state() == MigrationState.ROLLED_BACK);
    if (!asOrdered) {
      throw new MigrationFailedException(
          "Migration " + status.id() + " has ended otherwise: " + status.state().label() + ".",
          "It was not run with --hold, or another order came first.",
          "");
    }
    return status.detail().isEmpty() ? ExitCode.DONE : ExitCode.INCOMPLETE;
  }

  private static MigrationFailedException refused(
      MigrationStatus status, List<Transition> fresh, List<Transition> all) {
    String reason =
        (fresh.isEmpty() ? all : fresh)
            .stream()
                .map(Transition::detail)
                .filter(words -> words.contains("refused"))
                .reduce((first, second) -> second)
                .orElse("the order was withdrawn");
    return new MigrationFailedException(
        reason,
        "The new table serves, and the old one is kept in step.",
        "Mend what is named, then: zdm-osc rollback --id " + status.id());
  }

  private static void rest() {
    try {
      Thread.sleep(EVERY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
