package io.zdmosc.cli;

import io.zdmosc.cli.config.Settings;
import io.zdmosc.cli.output.OutputFormat;
import io.zdmosc.cli.output.OutputRenderer;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.error.AbortedException;
import io.zdmosc.engine.error.ExitCode;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.progress.Summary;
import java.util.function.Function;

/** Carries a migration to its end in this process: display, signals, exit status. */
final class DrivenMigration {
  private final Context context;
  private final Settings settings;
  private final OutputFormat format;
  private final OnStop onStop;

  DrivenMigration(Context context, Settings settings, OutputFormat format, OnStop onStop) {
    this.context = context;
    this.settings = settings;
    this.format = format;
    this.onStop = onStop;
  }

  /** Runs what is made for the display; the exit status. */
  int run(Function<MigrationListener, Migration> maker) {
    boolean logsToTerminal = settings.get("verbose").isPresent();
    try (OutputRenderer renderer = Renderers.choose(context, format, logsToTerminal);
        Interrupts interrupts =
            new Interrupts(renderer::onNote, how -> lastWords(how, renderer)).install()) {
      Migration migration = maker.apply(renderer);
      interrupts.begin(onStop.work(migration));
      Summary summary = migration.run();
      renderer.onSummary(summary);
      return (summary.notes().isEmpty() ? ExitCode.DONE : ExitCode.INCOMPLETE).status();
    }
  }

  private void lastWords(AbortedException how, OutputRenderer renderer) {
    renderer.close();
    new ErrorReport(context.out(), context.err()).report(how, format);
  }
}
