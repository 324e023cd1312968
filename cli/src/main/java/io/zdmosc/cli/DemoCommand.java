package io.zdmosc.cli;

import io.zdmosc.cli.config.Settings;
import io.zdmosc.cli.demo.Demo;
import io.zdmosc.cli.output.OutputFormat;
import io.zdmosc.engine.error.AbortedException;
import io.zdmosc.engine.error.ExitCode;
import io.zdmosc.engine.error.ZdmException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows a change of a live table, with nothing needed but a JDK. */
@Command(
    name = "demo",
    sortOptions = false,
    customSynopsis = "zdm-osc demo [OPTIONS]",
    header = "Shows a change of a live table, on a server of its own.",
    description = {
      "%nStarts a server on a free local port, fills a table, lets an application write to it,"
          + " changes the table's shape meanwhile, and compares the outcome with what the"
          + " application was told. Removes everything in the end.%n"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      ExitStatusHelp.DONE,
      ExitStatusHelp.INTERNAL,
      "2:Bad input.",
      "3:Something failed, or the table does not hold what it should.",
      "6:Stopped by Ctrl-C or SIGTERM."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  zdm-osc demo",
      "  zdm-osc demo --engine mariadb",
      "  zdm-osc demo --rows 1000000 --keep"
    })
final class DemoCommand extends ToolCommand {
  private static final long LARGEST = 1_000_000_000;

  @Option(
      names = "--rows",
      order = 1,
      paramLabel = "N",
      description = "Rows to fill the table with. Default: 200000")
  String rows;

  @Option(
      names = "--engine",
      order = 2,
      paramLabel = "postgresql|mysql|mariadb",
      description = {
        "Kind of server. Default: postgresql",
        "PostgreSQL and MariaDB come through Maven. MySQL is the one that ZDM_OSC_MYSQLD names,"
            + " the mysqld on the PATH, or Debian's, fetched by apt-get into a cache folder."
      })
  String engine;

  @Option(
      names = "--keep",
      order = 3,
      description = "Leaves the server up in the end, until Ctrl-C, and says how to connect.")
  boolean keep;

  DemoCommand(Context context) {
    super(context);
  }

  @Override
  int execute(Settings settings, OutputFormat format) {
    long count =
        settings.parsed("rows", DemoCommand::rows, "Give a whole number.").orElse(200_000L);
    Demo.Engine engine =
        settings.choice("engine", Demo.Engine.class).orElse(Demo.Engine.POSTGRESQL);
    if (format != OutputFormat.TEXT) {
      settings.problems().add("--output", "the demo writes text only", "Leave it out.");
    }
    settings.problems().refuseIfAny();
    return show(engine, count, settings);
  }

  private int show(Demo.Engine engine, long count, Settings settings) {
    AtomicBoolean stopping = new AtomicBoolean();
    boolean logsToTerminal = settings.get("verbose").isPresent();
    try (Interrupts interrupts =
            new Interrupts(context().err()::println, this::lastWords).install();
        Demo demo =
            new Demo(
                engine,
                context().connectors().get(),
                Demo.defaultCache(context().environment(), context().home()),
                context().out())) {
      interrupts.begin(
          new Interrupts.Work(
              () -> stop(demo, stopping),
              "Stopping, and removing the demo's server.",
              new AbortedException(
                  "before the demo's server was stopped", "It may still be running.", "")));
      demo.run(count, () -> Renderers.choose(context(), OutputFormat.TEXT, logsToTerminal));
      if (settings.flag("keep")) {
        context().out().println();
        demo.howToConnect().forEach(context().out()::println);
        parkForEver();
      }
    } catch (ZdmException e) {
      if (stopping.get()) {
        // Of course something failed: its server was taken away. The signal's thread ends it all.
        parkForEver();
      }
      throw e;
    }
    return ExitCode.DONE.status();
  }

  /** Ends the process once the server is gone, whatever the rest of it is at. */
  private static void stop(Demo demo, AtomicBoolean stopping) {
    stopping.set(true);
    demo.close();
    Runtime.getRuntime().halt(ExitCode.ABORTED.status());
  }

  private void lastWords(AbortedException how) {
    new ErrorReport(context().out(), context().err()).report(how, OutputFormat.TEXT);
  }

  private static void parkForEver() {
    while (true) {
      LockSupport.park();
    }
  }

  private static long rows(String text) {
    long rows;
    try {
      rows = Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("is not a whole number", e);
    }
    if (rows < 1 || rows > LARGEST) {
      throw new IllegalArgumentException("is not from 1 to " + LARGEST);
    }
    return rows;
  }
}
