package io.zdmosc.mysql.control;

import io.zdmosc.mysql.alter.SqlLexer;
import io.zdmosc.mysql.alter.SqlToken;
import java.util.List;

/** The table that a plan is about. */
record Target(String schema, String name) {
  /** The names in a plan, which are quoted. */
  static Target of(String sqlName) {
    List<String> names =
        SqlLexer.tokens(sqlName, "").stream()
            .filter(token -> token.kind() == SqlToken.Kind.NAME)
            .map(SqlToken::text)
            .toList();
    return new Target(names.get(0), names.get(1));
  }
}
