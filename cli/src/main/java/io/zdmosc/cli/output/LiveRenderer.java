package io.zdmosc.cli.output;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.plan.Estimate;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.progress.Progress;
import io.zdmosc.engine.progress.Summary;
import java.time.Duration;
import java.util.List;

/**
 * A block of lines at the bottom of the terminal that is drawn anew in place, at most four times a
 * second; what should stay is printed above it.
 *
 * <p>Every drawing goes out in one write, with the old lines overwritten rather than cleared first,
 * so that nothing flickers.
 */
public final class LiveRenderer implements OutputRenderer {
  private static final Duration BETWEEN_DRAWINGS = Duration.ofMillis(250);
  private static final String CLEAR_LINE_END = "\u001b[K";
  private static final String CLEAR_BELOW = "\u001b[J";
  private static final String HIDE_CURSOR = "\u001b[?25l";
  private static final String SHOW_CURSOR = "\u001b[?25h";

  private final Screen screen;
  private final ProgressBlock block;
  private final Pace pace;
  private List<String> shown = List.of();
  private boolean closed;

  public LiveRenderer(Screen screen) {
    this(screen, new Pace(BETWEEN_DRAWINGS));
  }

  LiveRenderer(Screen screen, Pace pace) {
    this.screen = screen;
    this.block = new ProgressBlock(screen.color(), screen.unicode());
    this.pace = pace;
  }

  @Override
  public void onPlan(Plan plan) {
    print(PlanText.brief(plan));
  }

  @Override
  public void onState(MigrationState state, String detail) {
    if (detail != null && !detail.isBlank()) {
      print(List.of(StateText.of(state, detail)));
    }
    pace.reset();
  }

  @Override
  public synchronized void onProgress(Progress progress) {
    if (!closed && pace.isDue()) {
      draw(block.lines(progress, screen.width() - 1));
    }
  }

  @Override
  public void onNote(String note) {
    print(List.of(note));
  }

  @Override
  public void onEstimate(Estimate estimate) {
    print(PlanText.of(estimate));
  }

  @Override
  public synchronized void onSummary(Summary summary) {
    erase();
    print(SummaryText.of(summary));
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      erase();
      closed = true;
      screen.close();
    }
  }

  /** Prints lines that stay, above the block. */
  private synchronized void print(List<String> lines) {
    StringBuilder text = new StringBuilder(top());
    text.append(CLEAR_BELOW);
    for (String line : lines) {
      text.append(line.replaceAll("\\R", "\r\n")).append("\r\n");
    }
    List<String> again = shown;
    shown = List.of();
    screen.write(text.toString());
    if (!again.isEmpty()) {
      draw(again);
    }
  }

  private void draw(List<String> lines) {
    StringBuilder text = new StringBuilder(shown.isEmpty() ? HIDE_CURSOR : top());
    for (String line : lines) {
      text.append(line).append(CLEAR_LINE_END).append("\r\n");
    }
    if (lines.size() < shown.size()) {
      text.append(CLEAR_BELOW);
    }
    shown = lines;
    screen.write(text.toString());
  }

  private void erase() {
    if (!shown.isEmpty()) {
      screen.write(top() + CLEAR_BELOW + SHOW_CURSOR);
      shown = List.of();
    }
  }

  /** To the beginning of the block's first line. */
  private String top() {
    return shown.isEmpty() ? "" : "\u001b[" + shown.size() + "A\r";
  }
}
