package io.zdmosc.cli;

import io.zdmosc.cli.output.JlineScreen;
import io.zdmosc.cli.output.JsonLines;
import io.zdmosc.cli.output.JsonRenderer;
import io.zdmosc.cli.output.LineRenderer;
import io.zdmosc.cli.output.LiveRenderer;
import io.zdmosc.cli.output.OutputFormat;
import io.zdmosc.cli.output.OutputRenderer;
import java.time.Clock;
import java.time.ZoneId;

/** Chooses how a migration is shown. */
final class Renderers {
  private Renderers() {}

  /**
   * A live view on a terminal, lines elsewhere, JSON when asked for.
   *
   * @param logsToTerminal true when log lines would run through a live view
   */
  static OutputRenderer choose(Context context, OutputFormat format, boolean logsToTerminal) {
    if (format == OutputFormat.JSON) {
      return new JsonRenderer(new JsonLines(context.out(), Clock.systemUTC()));
    }
    OutputRenderer lines = new LineRenderer(context.out(), Clock.system(ZoneId.systemDefault()));
    if (logsToTerminal) {
      return lines;
    }
    return JlineScreen.detect(context.environment())
        .<OutputRenderer>map(LiveRenderer::new)
        .orElse(lines);
  }
}
