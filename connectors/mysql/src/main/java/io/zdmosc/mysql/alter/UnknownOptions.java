package io.zdmosc.mysql.alter;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Options of a table, column or index that MariaDB keeps in a definition although no engine knows
 * them, as after a change of the engine. It shows them as comments, and would not take them again.
 */
public final class UnknownOptions {
  private static final Pattern COMMENT = Pattern.compile("/\\* (`.*?) \\*/", Pattern.DOTALL);

  private UnknownOptions() {}

  /**
   * Finds them.
   *
   * @param definition the statement that makes the table, as the server writes it
   */
  public static List<String> in(String definition) {
    List<String> found = new ArrayList<>();
    int from = 0;
    for (SqlToken token : SqlLexer.tokens(definition, "")) {
      add(definition.substring(from, token.start()), found);
      from = token.end();
    }
    add(definition.substring(from), found);
    return found;
  }

  private static void add(String between, List<String> found) {
    Matcher comment = COMMENT.matcher(between);
    while (comment.find()) {
      found.add(comment.group(1));
    }
  }

  /** The text without them. */
  public static String without(String options) {
    return COMMENT.matcher(options).replaceAll("").strip();
  }
}
