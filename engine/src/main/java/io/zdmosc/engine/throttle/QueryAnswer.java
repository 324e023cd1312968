package io.zdmosc.engine.throttle;

import io.zdmosc.engine.error.RefusedException;
import java.util.Locale;

/** What a throttle query answers, as a number. */
public final class QueryAnswer {
  private QueryAnswer() {}

  /**
   * Reads the first column of the first row.
   *
   * @param text as the server writes it; null for NULL and where there is no row
   * @throws RefusedException when it is neither a number nor a boolean
   */
  public static double of(String text) {
    if (text == null) {
      return 0;
    }
    String answer = text.strip().toLowerCase(Locale.ROOT);
    switch (answer) {
      case "t", "true":
        return 1;
      case "f", "false":
        return 0;
      default:
        try {
          double number = Double.parseDouble(answer);
          if (Double.isFinite(number)) {
            return number;
          }
        } catch (NumberFormatException e) {
          throw refused(text, e);
        }
        throw refused(text, null);
    }
  }

  private static RefusedException refused(String text, NumberFormatException cause) {
    RefusedException refused =
        RefusedException.of(
            "--throttle-query",
            "answers '" + text + "', which is neither a number nor true or false",
            "Let its first column be a number.");
    if (cause != null) {
      refused.addSuppressed(cause);
    }
    return refused;
  }
}
