package io.zdmosc.cli;

import io.zdmosc.cli.config.Durations;
import io.zdmosc.cli.config.Settings;
import io.zdmosc.cli.output.OutputFormat;
import io.zdmosc.cli.output.TrafficReport;
import io.zdmosc.engine.error.AbortedException;
import io.zdmosc.engine.error.ExitCode;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.TrafficLog;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Samples the write rate of a table and its server, and proposes when to work. */
@Command(
    name = "traffic",
    sortOptions = false,
    customSynopsis = "zdm-osc traffic --url=URL --table=TABLE [--observe=TIME] [OPTIONS]",
    header = "Shows when a table is written to, and proposes windows for its migration.",
    description = {
      "%nReads counters that the server keeps anyway, never the table. Samples are kept in the"
          + " control schema for eight weeks and add up over several calls.%n"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {ExitStatusHelp.DONE, ExitStatusHelp.INTERNAL, ExitStatusHelp.REFUSED},
    footerHeading = "%nExamples:%n",
    footer = {
      "  zdm-osc traffic --url jdbc:postgresql://db/shop --table users --observe 24h",
      "  zdm-osc traffic --url jdbc:postgresql://db/shop --table users"
    })
final class TrafficCommand extends ServerCommand {
  private static final Duration EVERY = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofDays(60);

  @Option(
      names = "--table",
      order = 10,
      paramLabel = "[SCHEMA.]TABLE",
      description = "Table to look at, quoted as in SQL where it must be. Required")
  String table;

  @Option(
      names = "--observe",
      order = 11,
      paramLabel = "TIME",
      description = {
        "Samples for so long, such as 24h; a day is enough for a proposal, a week tells weekdays"
            + " apart.",
        "Default: only shows what was sampled before"
      })
  String observe;

  @Option(
      names = "--every",
      order = 12,
      paramLabel = "TIME",
      description = "Time between two samples, up to 1h. Default: 1m")
  String every;

  @Option(
      names = "--zone",
      order = 13,
      paramLabel = "ZONE",
      description = "Time zone of the hours shown, such as Europe/Berlin. Default: this machine's")
  String zone;

  TrafficCommand(Context context) {
    super(context);
  }

  @Override
  int execute(Settings settings, OutputFormat format) {
    Optional<ConnectionSettings> connection = connection(settings);
    Optional<String> name = settings.required("table", "Name the table: --table users.");
    Optional<Duration> time = duration(settings, "observe", LONGEST);
    Duration step = duration(settings, "every", Duration.ofHours(1)).orElse(EVERY);
    ZoneId hours = zone(settings);
    settings.problems().refuseIfAny();

    TrafficReport report = new TrafficReport(context().out(), format);
    try (Database database = open(connection.orElseThrow())) {
      TrafficLog log = database.traffic(name.orElseThrow());
      if (time.isPresent()) {
        observe(log, time.get(), step, report);
      }
      report.show(log.table(), name.get(), log.stored(), hours);
    }
    return ExitCode.DONE.status();
  }

  private static Optional<Duration> duration(Settings settings, String name, Duration most) {
    return settings.parsed(
        name,
        text -> {
          Duration value = Durations.parse(text);
          if (value.compareTo(Duration.ofSeconds(1)) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException("is out of range");
          }
          return value;
        },
        "Give a time from 1s to " + most.toHours() + "h.");
  }

  private static ZoneId zone(Settings settings) {
    return settings
        .parsed(
            "zone",
            text -> {
              try {
                return ZoneId.of(text.strip());
              } catch (DateTimeException e) {
                throw new IllegalArgumentException("is no time zone", e);
              }
            },
            "Give one like Europe/Berlin or UTC.")
        .orElseGet(ZoneId::systemDefault);
  }

  private void observe(TrafficLog log, Duration time, Duration every, TrafficReport report) {
    CountDownLatch stop = new CountDownLatch(1);
    try (Interrupts interrupts =
        new Interrupts(context()::warn, how -> context().warn(how.getMessage())).install()) {
      interrupts.begin(
          new Interrupts.Work(
              stop::countDown,
              "Stopping.",
              new AbortedException("by a signal", "What was sampled is kept.", "")));
      long end = System.nanoTime() + time.toNanos();
      report.observing(log.table(), time, every, Instant.now().plus(time));
      log.sample();
      for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
        if (stop.await(Math.min(left, every.toNanos()), TimeUnit.NANOSECONDS)) {
          return;
        }
        sample(log, report);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AbortedException("The observation was stopped.", "What was sampled is kept.", "");
    }
  }

  /** A server that restarts, or cannot be reached for a while, does not end an observation. */
  private static void sample(TrafficLog log, TrafficReport report) {
    try {
      log.sample();
    } catch (MigrationFailedException e) {
      report.missed(e.getMessage());
    }
  }
}
