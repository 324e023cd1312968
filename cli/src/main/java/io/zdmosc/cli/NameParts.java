package io.zdmosc.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * A table's name as somebody wrote it, taken apart: {@code users}, {@code shop.users}, and with
 * quotes around the parts, within which a dot separates nothing.
 */
record NameParts(List<String> parts) {
  private static final String QUOTES = "\"`";

  NameParts {
    parts = List.copyOf(parts);
  }

  static NameParts of(String name) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    char quote = 0;
    for (char c : name.strip().toCharArray()) {
      if (quote != 0 ? c == quote : QUOTES.indexOf(c) >= 0) {
        quote = quote == 0 ? c : 0;
        part.append(c);
      } else if (quote == 0 && c == '.') {
        parts.add(bare(part));
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    parts.add(bare(part));
    return new NameParts(parts);
  }

  /** A quote within quotes is written twice. */
  private static String bare(StringBuilder part) {
    String text = part.toString().strip();
    if (text.length() < 2 || QUOTES.indexOf(text.charAt(0)) < 0) {
      return text;
    }
    String quote = text.substring(0, 1);
    return text.substring(1, text.length() - 1).replace(quote + quote, quote);
  }

  /** Whether the other one names the same, perhaps without saying where it is. */
  boolean endsWith(NameParts other) {
    int more = parts.size() - other.parts.size();
    return more >= 0 && parts.subList(more, parts.size()).equals(other.parts);
  }
}
