package io.zdmosc.postgres.owned;

import io.zdmosc.postgres.alter.SqlLexer;
import io.zdmosc.postgres.alter.SqlToken;
import io.zdmosc.postgres.sql.Sql;
import java.util.List;

/** A table by its schema and name, as the catalog has them. */
record TableName(String schema, String name) {

  /** Qualified and quoted. */
  String sql() {
    return Sql.name(schema, name);
  }

  /** The statement that gives it another name. */
  String renamed(String to) {
    return "ALTER TABLE " + sql() + " RENAME TO " + Sql.name(to);
  }

  /**
   * Puts another table in the place of this one in SQL that the server has written, where all
   * tables are qualified. Only names are looked at, never the inside of a string.
   */
  String replacedBy(TableName other, String sql) {
    List<SqlToken> tokens = SqlLexer.tokens(sql);
    StringBuilder text = new StringBuilder();
    int done = 0;
    for (int i = 0; i + 2 < tokens.size(); i++) {
      if (isAt(tokens, i)) {
        text.append(sql, done, tokens.get(i).start()).append(other.sql());
        done = tokens.get(i + 2).end();
      }
    }
    return text.append(sql.substring(done)).toString();
  }

  private boolean isAt(List<SqlToken> tokens, int at) {
    boolean within = at > 0 && tokens.get(at - 1).kind() == SqlToken.Kind.DOT;
    return !within
        && isName(tokens.get(at), schema)
        && tokens.get(at + 1).kind() == SqlToken.Kind.DOT
        && isName(tokens.get(at + 2), name);
  }

  private static boolean isName(SqlToken token, String name) {
    return token.isName() && token.text().equals(name);
  }
}
