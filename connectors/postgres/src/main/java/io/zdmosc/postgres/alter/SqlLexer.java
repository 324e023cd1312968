package io.zdmosc.postgres.alter;

import static io.zdmosc.postgres.alter.SqlToken.Kind.CLOSE;
import static io.zdmosc.postgres.alter.SqlToken.Kind.COMMA;
import static io.zdmosc.postgres.alter.SqlToken.Kind.DOLLAR_STRING;
import static io.zdmosc.postgres.alter.SqlToken.Kind.DOT;
import static io.zdmosc.postgres.alter.SqlToken.Kind.IDENTIFIER;
import static io.zdmosc.postgres.alter.SqlToken.Kind.NUMBER;
import static io.zdmosc.postgres.alter.SqlToken.Kind.OPEN;
import static io.zdmosc.postgres.alter.SqlToken.Kind.OPERATOR;
import static io.zdmosc.postgres.alter.SqlToken.Kind.OTHER;
import static io.zdmosc.postgres.alter.SqlToken.Kind.PARAMETER;
import static io.zdmosc.postgres.alter.SqlToken.Kind.QUOTED_IDENTIFIER;
import static io.zdmosc.postgres.alter.SqlToken.Kind.SEMICOLON;
import static io.zdmosc.postgres.alter.SqlToken.Kind.STRING;

import io.zdmosc.engine.error.RefusedException;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts SQL into tokens where PostgreSQL 14 to 18 would.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>a quote, comma, parenthesis or semicolon is found if and only if it is one to the server:
 *       string literals of every prefix, continued ones, dollar quotes, nested comments and
 *       operators that run into a comment are read by the server's rules;
 *   <li>like the server, it takes every character outside ASCII for a letter, a no-break space too;
 *   <li>positions are those of the text given: comments and blanks are skipped, not removed.
 * </ul>
 *
 * <p>It expects {@code standard_conforming_strings = on}, the default since 9.1. It does not check
 * SQL beyond what it needs to find the end of a token.
 */
public final class SqlLexer {
  private static final String OPERATOR_CHARACTERS = "~!@#^&|`?+-*/%<>=";

  private final SqlText sql;
  private final List<SqlToken> tokens = new ArrayList<>();

  private SqlLexer(String sql) {
    this.sql = new SqlText(sql);
  }

  /**
   * Returns the tokens in order.
   *
   * @throws RefusedException if a quote or comment is never closed or a quoted name is not valid,
   *     with its position
   */
  public static List<SqlToken> tokens(String sql) {
    SqlLexer lexer = new SqlLexer(sql);
    int nul = sql.indexOf('\0');
    if (nul >= 0) {
      throw lexer.sql.refused(
          nul, "the character NUL", "cannot be sent to the server", "Remove it.");
    }
    while (true) {
      lexer.sql.skipBlanks(true);
      if (lexer.sql.atEnd()) {
        return List.copyOf(lexer.tokens);
      }
      lexer.next();
    }
  }

  private void next() {
    int start = sql.position();
    char c = sql.peek(0);
    char second = sql.peek(1);
    if (c == '\'' || ("bBeExX".indexOf(c) >= 0 && second == '\'')) {
      sql.advance(c == '\'' ? 0 : 1);
      sql.skipString(start, c == 'e' || c == 'E');
      add(STRING, start);
    } else if ((c == 'u' || c == 'U') && second == '&' && sql.peek(2) == '\'') {
      sql.advance(2);
      sql.skipString(start, false);
      add(STRING, start);
    } else if ((c == 'u' || c == 'U') && second == '&' && sql.peek(2) == '"') {
      sql.advance(2);
      add(QUOTED_IDENTIFIER, start, QuotedName.readUnicode(sql, start));
    } else if (c == '"') {
      add(QUOTED_IDENTIFIER, start, QuotedName.read(sql, start));
    } else if (c == '$') {
      dollar(start);
    } else if (SqlText.isLetter(c)) {
      sql.skipWord();
      add(IDENTIFIER, start, ServerNames.unquoted(sql.from(start)));
    } else if (SqlText.isDigit(c) || (c == '.' && SqlText.isDigit(second))) {
      sql.skipNumber();
      add(NUMBER, start);
    } else if (OPERATOR_CHARACTERS.indexOf(c) >= 0) {
      do {
        sql.advance(1);
      } while (OPERATOR_CHARACTERS.indexOf(sql.peek(0)) >= 0 && !sql.atComment());
      add(OPERATOR, start);
    } else {
      symbol(c, start);
    }
  }

  private void dollar(int start) {
    if (SqlText.isDigit(sql.peek(1))) {
      sql.advance(2);
      while (SqlText.isDigit(sql.peek(0))) {
        sql.advance(1);
      }
      add(PARAMETER, start);
    } else if (sql.skipDollarString()) {
      add(DOLLAR_STRING, start);
    } else {
      sql.advance(1);
      add(OTHER, start);
    }
  }

  private void symbol(char c, int start) {
    sql.advance(1);
    switch (c) {
      case '(', '[' -> add(OPEN, start);
      case ')', ']' -> add(CLOSE, start);
      case ',' -> add(COMMA, start);
      case ';' -> add(SEMICOLON, start);
      case '.' -> add(DOT, start);
      case ':' -> add(OPERATOR, start);
      default -> add(OTHER, start);
    }
  }

  private void add(SqlToken.Kind kind, int start) {
    add(kind, start, sql.from(start));
  }

  private void add(SqlToken.Kind kind, int start, String text) {
    tokens.add(new SqlToken(kind, start, sql.position(), text));
  }
}
