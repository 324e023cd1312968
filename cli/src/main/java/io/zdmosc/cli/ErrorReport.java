package io.zdmosc.cli;

import io.zdmosc.cli.output.ErrorText;
import io.zdmosc.cli.output.JsonLines;
import io.zdmosc.cli.output.JsonShape;
import io.zdmosc.cli.output.OutputFormat;
import io.zdmosc.engine.error.ExitCode;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.error.ZdmException;
import java.io.PrintStream;
import java.time.Clock;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ParseResult;

/** Tells the user of an error, and turns it into the process's exit status. */
final class ErrorReport {
  private final PrintStream out;
  private final PrintStream err;

  ErrorReport(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Arguments that no command could make sense of. */
  int refuse(ParseResult parsed) {
    return report(new RefusedException(ParseErrors.of(parsed)), OutputFormat.TEXT);
  }

  /** An error as it is meant to be shown. */
  int report(ZdmException error, OutputFormat format) {
    if (format == OutputFormat.JSON) {
      new JsonLines(out, Clock.systemUTC()).write("error", JsonShape.of(error));
    } else {
      ErrorText.of(error).forEach(err::println);
    }
    return error.exitCode().status();
  }

  /** Anything else: a bug. */
  int reportBug(Throwable bug, OutputFormat format, boolean hasLog) {
    if (format == OutputFormat.JSON) {
      new JsonLines(out, Clock.systemUTC()).write("error", JsonShape.ofBug(bug));
    } else {
      err.println("Internal error: " + bug);
      err.println("This is a bug in zdm-osc. What it built may still be on the server.");
      err.println("Next: zdm-osc cleanup shows and removes what is left behind.");
      err.println(
          hasLog
              ? "The log has the stack trace."
              : "Run it again with --log-file FILE to get a stack trace to report.");
    }
    LoggerFactory.getLogger(ErrorReport.class).error("Internal error", bug);
    return ExitCode.INTERNAL.status();
  }
}
