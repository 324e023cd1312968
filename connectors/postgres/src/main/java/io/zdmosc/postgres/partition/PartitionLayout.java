package io.zdmosc.postgres.partition;

import io.zdmosc.engine.Partitioning;
import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.postgres.alter.SqlLexer;
import io.zdmosc.postgres.alter.SqlToken;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The key and the partitions that a table is to have, as the user wants them. What they mean the
 * server says.
 *
 * @param key what follows {@code PARTITION BY}, or, read back from the server, what it made of it
 */
public record PartitionLayout(String key, List<Partition> partitions) {
  private static final int MAX_NAME_BYTES = 63;

  private static final String LINE_REMEDY =
      "Write a name and its bound, as in: orders_2023 FOR VALUES FROM ('2023-01-01') TO"
          + " ('2024-01-01'), or: orders_rest DEFAULT";

  public PartitionLayout {
    partitions = List.copyOf(partitions);
  }

  /**
   * Reads what the user has written.
   *
   * @param table the table's name, with which generated names begin
   * @throws RefusedException with everything that is wrong about it
   */
  public static PartitionLayout of(Partitioning asked, String table) {
    List<Problem> problems = new ArrayList<>();
    checkKey(asked.by(), problems);
    List<Partition> partitions = new ArrayList<>();
    for (String text : asked.partitions()) {
      try {
        if (PartitionRule.isRule(text)) {
          partitions.addAll(PartitionRule.partitions(text, table));
        } else {
          partitions.add(listed(text));
        }
      } catch (RefusedException e) {
        problems.addAll(e.problems());
      }
    }
    checkNames(partitions, problems);
    if (!problems.isEmpty()) {
      throw new RefusedException(problems);
    }
    return new PartitionLayout(asked.by(), partitions);
  }

  private static void checkKey(String by, List<Problem> problems) {
    String object = "--partition-by " + by;
    List<SqlToken> tokens;
    try {
      tokens = SqlLexer.tokens(by);
    } catch (RefusedException e) {
      problems.addAll(e.problems());
      return;
    }
    boolean known =
        !tokens.isEmpty()
            && Set.of("range", "list", "hash")
                .contains(tokens.get(0).text().toLowerCase(Locale.ROOT));
    if (!known || tokens.size() < 4 || !isOneList(tokens, 1, tokens.size())) {
      problems.add(
          new Problem(
              object,
              "is not a strategy and a key in parentheses",
              "Write RANGE (...), LIST (...) or HASH (...), as after PARTITION BY."));
    }
  }

  /** A parenthesis that the last token closes, and no end of a statement within. */
  private static boolean isOneList(List<SqlToken> tokens, int from, int to) {
    int depth = 0;
    for (int i = from; i < to; i++) {
      SqlToken token = tokens.get(i);
      depth += token.kind() == SqlToken.Kind.OPEN ? 1 : 0;
      depth -= token.kind() == SqlToken.Kind.CLOSE ? 1 : 0;
      if (token.kind() == SqlToken.Kind.SEMICOLON || depth <= 0 && i < to - 1) {
        return false;
      }
    }
    return depth == 0 && tokens.get(to - 1).kind() == SqlToken.Kind.CLOSE;
  }

  /** {@code name FOR VALUES ...} or {@code name DEFAULT}. */
  private static Partition listed(String text) {
    List<SqlToken> tokens = SqlLexer.tokens(text);
    int bound = tokens.size() > 1 ? tokens.get(1).start() : 0;
    boolean isDefault = tokens.size() == 2 && tokens.get(1).isWord("default");
    boolean hasValues =
        tokens.size() > 4
            && tokens.get(1).isWord("for")
            && tokens.get(2).isWord("values")
            && isBound(tokens);
    if (tokens.isEmpty() || !tokens.get(0).isName() || !isDefault && !hasValues) {
      throw RefusedException.of(
          "partition '" + text + "'", "is not a name and its bound", LINE_REMEDY);
    }
    return new Partition(tokens.get(0).text(), text.substring(bound).strip());
  }

  /** Nothing but words between lists, and no further clause, such as a key of its own. */
  private static boolean isBound(List<SqlToken> tokens) {
    int depth = 0;
    for (SqlToken token : tokens.subList(3, tokens.size())) {
      depth += token.kind() == SqlToken.Kind.OPEN ? 1 : 0;
      depth -= token.kind() == SqlToken.Kind.CLOSE ? 1 : 0;
      boolean word =
          token.isWord("from") || token.isWord("to") || token.isWord("in") || token.isWord("with");
      boolean outside = depth == 0 && token.kind() != SqlToken.Kind.CLOSE;
      if (token.kind() == SqlToken.Kind.SEMICOLON || depth < 0 || outside && !word) {
        return false;
      }
    }
    return depth == 0;
  }

  private static void checkNames(List<Partition> partitions, List<Problem> problems) {
    Set<String> names = new HashSet<>();
    for (Partition partition : partitions) {
      if (!names.add(partition.name())) {
        problems.add(
            new Problem("partition " + partition.name(), "is given twice", "Give it once."));
      }
      if (partition.name().getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
        problems.add(
            new Problem(
                "partition " + partition.name(),
                "has a name of more than " + MAX_NAME_BYTES + " bytes",
                "Give it a shorter one."));
      }
    }
  }
}
