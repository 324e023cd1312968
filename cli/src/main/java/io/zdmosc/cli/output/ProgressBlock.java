package io.zdmosc.cli.output;

import io.zdmosc.engine.progress.Progress;
import java.util.ArrayList;
import java.util.List;

/**
 * The lines of the live view. Each fits the width that is given: what does not fit is left out from
 * the end, part by part; the bar takes what room is left.
 */
final class ProgressBlock {
  private static final String SEPARATOR = "  ";
  private static final int LABEL_WIDTH = 12;
  private static final int LARGEST_BAR = 30;
  private static final int SMALLEST_BAR = 8;
  private static final int BAR_FRAME = 3;
  private static final int WIDTH_WITH_BAR = 60;

  private final boolean color;
  private final boolean unicode;

  ProgressBlock(boolean color, boolean unicode) {
    this.color = color;
    this.unicode = unicode;
  }

  List<String> lines(Progress progress, int width) {
    List<String> lines = new ArrayList<>();
    lines.add(first(progress, width));
    lines.add(fitted(label("stream"), ProgressText.stream(progress), width));
    List<String> work = new ArrayList<>(ProgressText.work(progress));
    if (!progress.throttle().isBlank()) {
      // The reason for slowness comes first: it must not be what a narrow terminal cuts off.
      work.add(0, work.remove(work.size() - 1));
      lines.add(paint("33", fitted(label("work"), work, width)));
    } else {
      lines.add(fitted(label("work"), work, width));
    }
    return lines;
  }

  private String first(Progress progress, int width) {
    List<String> parts = new ArrayList<>();
    if (progress.rowsTotal() > 0) {
      parts.add(Quantity.percent(progress.rowsDone(), progress.rowsTotal()));
    }
    parts.addAll(ProgressText.rows(progress));
    if (progress.rowsTotal() > 0) {
      int room = width - LABEL_WIDTH - String.join(SEPARATOR, parts).length() - BAR_FRAME;
      if (room >= SMALLEST_BAR || width >= WIDTH_WITH_BAR) {
        int cells = Math.max(SMALLEST_BAR, Math.min(LARGEST_BAR, room));
        parts.set(0, bar(progress, cells) + " " + parts.get(0));
      }
    }
    String line = fitted(label(progress.state().label()), parts, width);
    return line.length() > LABEL_WIDTH
        ? paint("1;36", line.substring(0, LABEL_WIDTH)) + line.substring(LABEL_WIDTH)
        : paint("1;36", line);
  }

  private String bar(Progress progress, int cells) {
    double share = Math.min(1.0, (double) progress.rowsDone() / progress.rowsTotal());
    int full = (int) Math.floor(share * cells);
    return unicode
        ? "\u2588".repeat(full) + "\u2591".repeat(cells - full)
        : "[" + "#".repeat(full) + ".".repeat(cells - full) + "]";
  }

  private static String label(String text) {
    return text + " ".repeat(Math.max(1, LABEL_WIDTH - text.length()));
  }

  private static String fitted(String label, List<String> parts, int width) {
    StringBuilder line = new StringBuilder(label);
    boolean first = true;
    for (String part : parts) {
      String addition = first ? part : SEPARATOR + part;
      if (line.length() + addition.length() > width) {
        if (first) {
          line.append(addition);
        }
        break;
      }
      line.append(addition);
      first = false;
    }
    return line.length() > width ? line.substring(0, Math.max(0, width)) : line.toString();
  }

  private String paint(String code, String text) {
    return color ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
