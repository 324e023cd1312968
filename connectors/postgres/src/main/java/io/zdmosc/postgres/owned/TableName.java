package io.zdmosc.postgres.owned;

import io.zdmosc.postgres.alter.SqlLexer;
import io.zdmosc.postgres.alter.SqlToken;
import io.zdmosc.postgres.sql.Sql;
import java.util.List;
import java.util.Map;

/** A table by its schema and name, as the catalog has them. */
public record TableName(String schema, String name) {

  /** Qualified and quoted. */
  public String sql() {
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

  /** The same for several tables, none of which is to be called as another one of them is. */
  static String replaced(Map<TableName, TableName> tables, String sql) {
    String text = sql;
    for (Map.Entry<TableName, TableName> each : tables.entrySet()) {
      text = each.getKey().replacedBy(each.getValue(), text);
    }
    return text;
  }

  /** Whether it is named by the tokens from there on; there are three of them at least. */
  boolean isAt(List<SqlToken> tokens, int at) {
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
