package io.zdmosc.cli.output;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Columns side by side, each as wide as its widest cell; columns without a cell are left out. */
public final class TextTable {
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();

  public TextTable(String... headers) {
    rows.add(Arrays.asList(headers));
  }

  public void row(String... cells) {
    rows.add(Arrays.asList(cells));
  }

  public List<String> lines() {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    boolean[] used = new boolean[columns];
    for (int r = 0; r < rows.size(); r++) {
      for (int c = 0; c < columns; c++) {
        String cell = rows.get(r).get(c);
        widths[c] = Math.max(widths[c], cell.codePointCount(0, cell.length()));
        used[c] |= r > 0 && !cell.isEmpty();
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < columns; c++) {
        if (used[c]) {
          String cell = row.get(c);
          line.append(GAP).append(cell);
          line.append(" ".repeat(widths[c] - cell.codePointCount(0, cell.length())));
        }
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
