package io.zdmosc.cli;

import io.zdmosc.cli.config.Settings;
import io.zdmosc.cli.config.SettingsReader;
import io.zdmosc.cli.connect.ConnectionResolver;
import io.zdmosc.cli.connect.DatabaseOpener;
import io.zdmosc.cli.connect.PasswordFile;
import io.zdmosc.cli.connect.PostgresDefaults;
import io.zdmosc.cli.output.OutputFormat;
import io.zdmosc.engine.error.ZdmException;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.Database;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/**
 * A command that works on a server: reads its settings, sets up the log, does its work, and reports
 * whatever went wrong.
 */
abstract class ServerCommand implements Callable<Integer> {
  private final Context context;

  @Spec private CommandSpec spec;

  @Mixin private ConnectionOptions connectionOptions;

  @Mixin private GeneralOptions generalOptions;

  ServerCommand(Context context) {
    this.context = context;
  }

  /**
   * Does the command's work. Must call {@link Settings#problems()} and refuse before it touches
   * anything.
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
    } catch (RuntimeException e) {
      return report.reportBug(e, format, logging.isOn());
    }
  }

  /** How to connect, by settings and environment; problems are recorded. */
  final Optional<ConnectionSettings> connection(Settings settings) {
    PostgresDefaults postgres =
        new PostgresDefaults(
            context.environment(), context.home(), settings.problems(), context::warn);
    PasswordFile passwordFile =
        new PasswordFile(context.directory(), settings.problems(), context::warn);
    return new ConnectionResolver(settings, List.of(postgres), passwordFile).resolve();
  }

  final Database open(ConnectionSettings connection) {
    return new DatabaseOpener(context.connectors().get(), context.prompt()).open(connection);
  }
}
