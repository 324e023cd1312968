package io.zdmosc.cli;

import io.zdmosc.cli.config.Durations;
import io.zdmosc.cli.config.Numbers;
import io.zdmosc.cli.config.Settings;
import io.zdmosc.cli.output.HealthFile;
import io.zdmosc.cli.output.OutputFormat;
import io.zdmosc.cli.output.ServeReport;
import io.zdmosc.engine.error.AbortedException;
import io.zdmosc.engine.error.ExitCode;
import io.zdmosc.engine.schedule.Daemon;
import io.zdmosc.engine.schedule.Daemon.Until;
import io.zdmosc.engine.schedule.Schedule;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Carries out what is scheduled. */
@Command(
    name = "serve",
    sortOptions = false,
    customSynopsis = "zdm-osc serve --url=URL [--once | --until-empty] [--parallel=N] [OPTIONS]",
    header = "Carries out what is scheduled, one migration after another.",
    description = {
      "%nAt its start it goes on with what was begun. SIGTERM and Ctrl-C end it and leave what is"
          + " under way as it is; the next start goes on there. Migrations that were begun by"
          + " 'zdm-osc run' are left alone.%n"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:All that it carried out is done, or there was nothing to do; or it was told to end.",
      ExitStatusHelp.INTERNAL,
      ExitStatusHelp.REFUSED,
      "3:With --once or --until-empty: something failed, or could not be ended.",
      "6:With --once or --until-empty: it was told to end before its work was done."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  zdm-osc serve --url jdbc:postgresql://db/shop --user app --password-file pw",
      "  zdm-osc serve --url jdbc:postgresql://db/shop --user app --once --parallel 2"
    })
final class ServeCommand extends ServerCommand {
  private static final Duration POLL = Duration.ofSeconds(5);

  @Option(
      names = "--parallel",
      order = 10,
      paramLabel = "N",
      description = "How many migrations it carries out at a time. Default: 1")
  String parallel;

  @Option(
      names = "--poll",
      order = 11,
      paramLabel = "TIME",
      description = "How often it looks at the schedule. Default: 5s")
  String poll;

  @Option(
      names = "--once",
      order = 12,
      description = "Carries out what may begin now, and ends. For cron")
  boolean once;

  @Option(
      names = "--until-empty",
      order = 13,
      description = "Ends when nothing is waiting or under way any more. For a Kubernetes Job")
  boolean untilEmpty;

  @Option(
      names = "--health-file",
      order = 14,
      paramLabel = "FILE",
      description =
          "Writes how it stands to this file whenever it looks, as one JSON object. For probes, by"
              + " the file's age. Default: none")
  String healthFile;

  ServeCommand(Context context) {
    super(context);
  }

  @Override
  int execute(Settings settings, OutputFormat format) {
    Optional<ConnectionSettings> connection = connection(settings);
    Daemon.Settings how = manner(settings);
    Optional<Path> health = settings.text("health-file").map(context().directory()::resolve);
    settings.problems().refuseIfAny();

    try (Database database = openUnasked(connection.orElseThrow())) {
      ServeReport report =
          new ServeReport(
              context().out(), format, health.map(file -> new HealthFile(file, context()::warn)));
      report.begins(database.describe(), how);
      Daemon daemon =
          new Daemon(
              () -> openUnasked(connection.orElseThrow()),
              new Schedule(database::openSchedule),
              how,
              report,
              InstantSource.system());
      return run(daemon, how.until(), report, format);
    }
  }

  private int run(Daemon daemon, Until until, ServeReport report, OutputFormat format) {
    try (Interrupts interrupts =
        new Interrupts(
                report::say,
                how -> new ErrorReport(context().out(), context().err()).report(how, format))
            .install()) {
      interrupts.begin(work(daemon));
      Daemon.Result result = daemon.run();
      report.ends(result);
      return status(result, until).status();
    }
  }

  private static Interrupts.Work work(Daemon daemon) {
    return new Interrupts.Work(
        daemon::stop,
        "Stopping; what is under way stays as it is, and goes on with the next start.",
        new AbortedException(
            "before all connections were closed",
            "What was under way stays as it is.",
            "zdm-osc serve goes on with it."));
  }

  private static ExitCode status(Daemon.Result result, Until until) {
    if (until == Until.STOPPED) {
      return ExitCode.DONE;
    }
    if (result.stopped()) {
      return ExitCode.ABORTED;
    }
    return result.failed() + result.left() > 0 ? ExitCode.FAILED : ExitCode.DONE;
  }

  private static Daemon.Settings manner(Settings settings) {
    boolean once = settings.flag("once");
    boolean empty = settings.flag("until-empty");
    if (once && empty) {
      settings.problems().add("--once and --until-empty", "are both given", "Give one of the two.");
    }
    Until until = once ? Until.ONCE : empty ? Until.EMPTY : Until.STOPPED;
    Optional<Integer> parallel =
        settings.parsed(
            "parallel",
            text -> fitting(Numbers.parse(text), it -> new Daemon.Settings(it, POLL, until)),
            Numbers.REMEDY);
    Optional<Duration> poll =
        settings.parsed(
            "poll",
            text -> fitting(Durations.parse(text), it -> new Daemon.Settings(1, it, until)),
            Durations.REMEDY);
    return new Daemon.Settings(parallel.orElse(1), poll.orElse(POLL), until);
  }

  /** The value, if the daemon takes it; it throws and says why where it does not. */
  private static <T> T fitting(T value, Consumer<T> with) {
    with.accept(value);
    return value;
  }
}
