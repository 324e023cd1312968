package io.zdmosc.cli.output;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.plan.Estimate;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.progress.Progress;
import io.zdmosc.engine.progress.Summary;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** Lines for a file or a pipe: one at each change of state, and one every few seconds. */
public final class LineRenderer implements OutputRenderer {
  private static final Duration BETWEEN_PROGRESS = Duration.ofSeconds(5);
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

  private static final String CONTINUED = " ".repeat("HH:mm:ss  ".length());

  private final PrintStream out;
  private final Clock clock;
  private final Pace pace = new Pace(BETWEEN_PROGRESS);

  /**
   * @param clock gives the lines' times and their zone
   */
  public LineRenderer(PrintStream out, Clock clock) {
    this.out = out;
    this.clock = clock;
  }

  @Override
  public void onPlan(Plan plan) {
    print(PlanText.brief(plan));
  }

  @Override
  public void onState(MigrationState state, String detail) {
    pace.isDue();
    print(List.of(stamped(StateText.of(state, detail))));
  }

  @Override
  public void onProgress(Progress progress) {
    if (pace.isDue()) {
      print(List.of(stamped(ProgressText.line(progress))));
    }
  }

  @Override
  public void onNote(String note) {
    print(List.of(stamped(note)));
  }

  @Override
  public void onEstimate(Estimate estimate) {
    print(PlanText.of(estimate));
  }

  @Override
  public void onSummary(Summary summary) {
    print(SummaryText.of(summary));
  }

  @Override
  public void close() {
    out.flush();
  }

  private String stamped(String text) {
    return LocalTime.now(clock).format(TIME) + "  " + text.replaceAll("\\R", "\n" + CONTINUED);
  }

  private void print(List<String> lines) {
    synchronized (out) {
      lines.forEach(out::println);
      out.flush();
    }
  }
}
