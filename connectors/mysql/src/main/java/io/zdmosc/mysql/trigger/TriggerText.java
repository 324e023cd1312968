package io.zdmosc.mysql.trigger;

import io.zdmosc.mysql.alter.SqlLexer;
import io.zdmosc.mysql.alter.SqlToken;
import io.zdmosc.mysql.alter.SqlToken.Kind;
import io.zdmosc.mysql.catalog.TriggerInfo;
import io.zdmosc.mysql.sql.Sql;
import io.zdmosc.mysql.stream.statement.StatementJudge;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A CREATE TRIGGER statement, cut where another name and another table can be put in. Definer,
 * event and body stay as the server wrote them. Immutable.
 */
public final class TriggerText {
  private static final Set<String> UNICODE = Set.of("utf8mb4", "utf8mb3", "utf8");

  private final TriggerInfo trigger;
  private final List<SqlToken> tokens;
  private final String definer;
  private final String event;
  private final String body;
  private final int bodyToken;

  private TriggerText(TriggerInfo trigger) {
    String sql = trigger.definition();
    this.trigger = trigger;
    this.tokens = SqlLexer.tokens(sql, trigger.sqlMode());
    int word = find("TRIGGER", 0);
    int on = find("ON", word);
    int row = find("ROW", on);
    int behindName = behindName(word);
    int first = tokens.get(0).end();
    this.definer = sql.substring(afterReplace(first), tokens.get(word).start());
    this.event = sql.substring(tokens.get(behindName - 1).end(), tokens.get(on).start());
    int ordered = row + 1 < tokens.size() && isOrder(tokens.get(row + 1)) ? row + 2 : row;
    this.bodyToken = ordered + 1;
    this.body = sql.substring(tokens.get(ordered).end());
  }

  /**
   * Cuts a definition.
   *
   * @throws IllegalArgumentException when it is not understood
   */
  public static TriggerText of(TriggerInfo trigger) {
    try {
      return new TriggerText(trigger);
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("not a trigger's definition: " + trigger.definition(), e);
    }
  }

  private int find(String word, int from) {
    int at = from;
    while (!tokens.get(at).isWord(word)) {
      if (tokens.get(at).kind() == Kind.VERSIONED) {
        throw new IllegalArgumentException("a versioned comment in: " + trigger.definition());
      }
      at++;
    }
    return at;
  }

  private int afterReplace(int first) {
    return tokens.get(1).isWord("OR") ? tokens.get(2).end() : first;
  }

  /** Behind TRIGGER IF NOT EXISTS schema.name. */
  private int behindName(int word) {
    int at = word + 1;
    if (tokens.get(at).isWord("IF") && tokens.get(at + 1).isWord("NOT")) {
      at += 3;
    }
    at++;
    return tokens.get(at).kind() == Kind.DOT ? at + 2 : at;
  }

  private static boolean isOrder(SqlToken token) {
    return token.isWord("FOLLOWS") || token.isWord("PRECEDES");
  }

  /**
   * The statement that makes it by another name.
   *
   * @param name the trigger's name, quoted
   * @param table the table's name, quoted
   * @param order FOLLOWS or PRECEDES and a trigger's name, or nothing
   */
  public String create(String name, String table, String order) {
    return "CREATE "
        + StatementJudge.OWN_MARK
        + definer
        + "TRIGGER "
        + name
        + event
        + "ON "
        + table
        + " FOR EACH ROW"
        + (order.isEmpty() ? "" : " " + order)
        + body;
  }

  /**
   * The statement that makes the session read definitions as this one was read. The server must not
   * tell the driver: MariaDB's closes a connection of another character set.
   */
  public String session() {
    return "SET SESSION session_track_system_variables = '', sql_mode = "
        + Sql.literal(trigger.sqlMode())
        + ", character_set_client = "
        + trigger.charset()
        + ", collation_connection = "
        + trigger.collation();
  }

  /**
   * True when the text is the same bytes in the trigger's character set and in the one that we
   * speak. In the others only the server's own client can send it.
   */
  public boolean isPortable(String... names) {
    return UNICODE.contains(trigger.charset())
        || (isAscii(trigger.definition())
            && List.of(names).stream().allMatch(TriggerText::isAscii));
  }

  private static boolean isAscii(String text) {
    return StandardCharsets.US_ASCII.newEncoder().canEncode(text);
  }

  /** The first of these columns that it names, as NEW.column, OLD.column or behind OF. */
  public Optional<String> firstNamed(List<String> columns) {
    return columns.stream().filter(this::names).findFirst();
  }

  private boolean names(String column) {
    for (int i = 0; i < tokens.size(); i++) {
      boolean inBody =
          i >= bodyToken + 2
              && tokens.get(i - 1).kind() == Kind.DOT
              && (tokens.get(i - 2).text().equalsIgnoreCase("NEW")
                  || tokens.get(i - 2).text().equalsIgnoreCase("OLD"));
      boolean inEvent = i < bodyToken && isListed(i);
      if ((inBody || inEvent)
          && tokens.get(i).isName()
          && tokens.get(i).text().equalsIgnoreCase(column)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the token stands in the list of UPDATE OF, which MariaDB has. */
  private boolean isListed(int at) {
    int i = at - 1;
    while (i > 1 && tokens.get(i).kind() == Kind.COMMA) {
      i -= 2;
    }
    return i > 0 && tokens.get(i).isWord("OF") && tokens.get(i - 1).isWord("UPDATE");
  }
}
