package io.zdmosc.postgres.owned;

import io.zdmosc.postgres.alter.SqlLexer;
import io.zdmosc.postgres.alter.SqlToken;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A new partition has its columns in the order of its table. Where the old one has them in another,
 * what tells them by their places would take one for another: {@code partition AS p(x, y)} and
 * {@code ROW(1, 2)::partition}.
 */
public final class ColumnPlaces {
  private final List<OwningTable> reordered = new ArrayList<>();

  /**
   * @param tables those that something may mention
   */
  public ColumnPlaces(OwnedContext context, List<OwningTable> tables) throws SQLException {
    List<String> order = context.source().columns().stream().map(column -> column.name()).toList();
    for (OwningTable table : tables) {
      List<String> own =
          context
              .session()
              .query(
                  "SELECT attname FROM pg_attribute WHERE attrelid = ?::oid AND attnum > 0"
                      + " AND NOT attisdropped ORDER BY attnum",
                  row -> row.getString(1),
                  table.oid());
      if (!own.equals(order)) {
        reordered.add(table);
      }
    }
  }

  /**
   * Why a definition cannot be the same on the new partitions.
   *
   * @param sql written by the server, with every table qualified
   */
  public Optional<String> problem(String sql) {
    return reordered.stream()
        .filter(table -> isByPlace(sql, table.source()))
        .findFirst()
        .map(
            table ->
                "tells columns of "
                    + table.source().sql()
                    + " by their places, which become those that they have in its table");
  }

  static boolean isByPlace(String sql, TableName table) {
    List<SqlToken> tokens = SqlLexer.tokens(sql);
    for (int i = 0; i + 2 < tokens.size(); i++) {
      if (table.isAt(tokens, i) && (isCast(tokens, i) || isAliased(tokens, i + 3))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isCast(List<SqlToken> tokens, int at) {
    return at >= 2
        && tokens.get(at - 1).text().equals(":")
        && tokens.get(at - 2).text().equals(":");
  }

  /** The server puts a parenthesis right behind an alias, and nowhere else behind a name here. */
  private static boolean isAliased(List<SqlToken> tokens, int at) {
    return at + 1 < tokens.size()
        && tokens.get(at).isName()
        && tokens.get(at + 1).text().equals("(")
        && tokens.get(at + 1).start() == tokens.get(at).end();
  }
}
