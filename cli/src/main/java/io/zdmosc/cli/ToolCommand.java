package io.zdmosc.cli;

import static java.util.Objects.requireNonNull;

import io.zdmosc.cli.config.Settings;
import io.zdmosc.cli.config.SettingsReader;
import io.zdmosc.cli.output.OutputFormat;
import io.zdmosc.engine.error.ZdmException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/**
 * Any command: reads its settings, sets up the log, does its work, and reports whatever went wrong.
 */
abstract class ToolCommand implements Callable<Integer> {
  private final Context context;

  @Spec private CommandSpec spec;

  @Mixin GeneralOptions generalOptions;

  ToolCommand(Context context) {
    this.context = requireNonNull(context, "context is null");
  }

  /**
   * Does the command's work. Must refuse on {@link Settings#problems()} before it touches anything.
   *
   * @return the exit status
   */
  abstract int execute(Settings settings, OutputFormat format);

  final Context context() {
    return context;
  }

  @Override
  public final Integer call() {
    ParseResult parsed = spec.commandLine().getParseResult();
    Settings settings = new SettingsReader(context.directory()).read(parsed);
    ParseErrors.of(parsed)
        .forEach(it -> settings.problems().add(it.object(), it.what(), it.remedy()));
    OutputFormat format = settings.choice("output", OutputFormat.class).orElse(OutputFormat.TEXT);
    ErrorReport report = new ErrorReport(context.out(), context.err());
    Logging logging = Logging.configure(settings, context);
    try {
      return execute(settings, format);
    } catch (ZdmException e) {
      logging.record(e);
      return report.report(e, format);
    } catch (RuntimeException | Error e) { // the process ends, whatever threads it has left
      return report.reportBug(e, format, logging.isOn());
    }
  }
}
