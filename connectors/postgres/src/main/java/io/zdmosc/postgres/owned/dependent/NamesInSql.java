package io.zdmosc.postgres.owned.dependent;

import io.zdmosc.postgres.alter.SqlLexer;
import io.zdmosc.postgres.alter.SqlToken;
import io.zdmosc.postgres.sql.Sql;
import java.util.List;
import java.util.Map;

/**
 * Puts other relations' names into a definition that the server wrote with an empty search path.
 *
 * <p>There every relation and every type stands with its schema. What looks the same and is a
 * function has a parenthesis right behind it. A column of an alias that is called like a schema
 * could still be taken for a relation; so whoever uses the text looks into the catalog, whether it
 * came to refer to what it should.
 */
final class NamesInSql {
  private final String sql;
  private final List<SqlToken> tokens;
  private final Map<RelationName, RelationName> names;

  private NamesInSql(String sql, Map<RelationName, RelationName> names) {
    this.sql = sql;
    this.tokens = SqlLexer.tokens(sql);
    this.names = names;
  }

  static String replace(String sql, Map<RelationName, RelationName> names) {
    return new NamesInSql(sql, names).replaced();
  }

  /** Whether a name that begins like this is there anywhere, be it in a string. */
  static boolean mentions(String sql, String prefix) {
    return SqlLexer.tokens(sql).stream()
        .anyMatch(
            token ->
                token.isName()
                    ? token.text().startsWith(prefix)
                    : isString(token) && token.text().contains(prefix));
  }

  private String replaced() {
    StringBuilder out = new StringBuilder(sql.length() + 64);
    int done = 0;
    for (int i = 0; i < tokens.size(); i++) {
      SqlToken token = tokens.get(i);
      String other = isString(token) ? constant(i) : relation(i);
      if (other != null) {
        out.append(sql, done, token.start()).append(other);
        i += isString(token) ? 0 : 2;
        done = tokens.get(i).end();
      }
    }
    return out.append(sql, done, sql.length()).toString();
  }

  /** What is to stand for the name that begins here; null where nothing changes. */
  private String relation(int i) {
    if (i + 2 >= tokens.size()
        || !tokens.get(i).isName()
        || tokens.get(i + 1).kind() != SqlToken.Kind.DOT
        || !tokens.get(i + 2).isName()
        || (i > 0 && tokens.get(i - 1).kind() == SqlToken.Kind.DOT)
        || isCall(i + 2)) {
      return null;
    }
    RelationName to = names.get(new RelationName(tokens.get(i).text(), tokens.get(i + 2).text()));
    return to == null ? null : to.sql();
  }

  private boolean isCall(int i) {
    return i + 1 < tokens.size()
        && sql.charAt(tokens.get(i + 1).start()) == '('
        && tokens.get(i + 1).start() == tokens.get(i).end();
  }

  /** {@code 'schema.table'::regclass} names a relation too. */
  private String constant(int i) {
    boolean regclass =
        i + 3 < tokens.size()
            && tokens.get(i + 1).text().equals(":")
            && tokens.get(i + 2).text().equals(":")
            && tokens.get(i + 3).isWord("regclass");
    String text = tokens.get(i).text();
    if (!regclass || text.charAt(0) != '\'') {
      return null;
    }
    String named = text.substring(1, text.length() - 1).replace("''", "'");
    List<SqlToken> parts = SqlLexer.tokens(named);
    if (parts.size() != 3 || !parts.get(0).isName() || !parts.get(2).isName()) {
      return null;
    }
    RelationName to = names.get(new RelationName(parts.get(0).text(), parts.get(2).text()));
    return to == null ? null : Sql.literal(to.sql());
  }

  private static boolean isString(SqlToken token) {
    return token.kind() == SqlToken.Kind.STRING;
  }
}
