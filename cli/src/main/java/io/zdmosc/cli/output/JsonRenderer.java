package io.zdmosc.cli.output;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.plan.Estimate;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.progress.Progress;
import io.zdmosc.engine.progress.Summary;
import java.time.Duration;

/** One JSON object a line; the summary comes last. */
public final class JsonRenderer implements OutputRenderer {
  private static final Duration BETWEEN_PROGRESS = Duration.ofSeconds(1);

  private final JsonLines lines;
  private final Pace pace = new Pace(BETWEEN_PROGRESS);

  public JsonRenderer(JsonLines lines) {
    this.lines = lines;
  }

  @Override
  public void onPlan(Plan plan) {
    lines.write("plan", JsonShape.of(plan));
  }

  @Override
  public void onState(MigrationState state, String detail) {
    pace.reset();
    lines.write("state", JsonShape.of(state, detail));
  }

  @Override
  public void onProgress(Progress progress) {
    if (pace.isDue()) {
      lines.write("progress", JsonShape.of(progress));
    }
  }

  @Override
  public void onNote(String note) {
    lines.write("note", JsonShape.note(note));
  }

  @Override
  public void onEstimate(Estimate estimate) {
    lines.write("estimate", JsonShape.of(estimate));
  }

  @Override
  public void onSummary(Summary summary) {
    lines.write("summary", JsonShape.of(summary));
  }

  @Override
  public void close() {
    // Every line is written out at once.
  }
}
