package io.zdmosc.mysql.stream.statement;

import io.zdmosc.mysql.stream.event.QueryEvent;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Says what a statement in the log means to the source table.
 *
 * <p>Statements that define something are understood as far as the names of the tables that they
 * change. Statements that write rows are not: triggers, views, functions and foreign keys can lead
 * anywhere. They count as hiding rows unless the server itself says that they wrote to other
 * databases only.
 *
 * <p>A trigger that is made or dropped takes nothing from the log, since what it writes is there as
 * rows; that the table has others than it had is seen by its shape.
 */
public final class StatementJudge {
  /** Stands in every statement of ours that touches the source table's definition. */
  public static final String OWN_MARK = "/* zdm-osc */";

  private final String schema;
  private final String table;
  private final boolean ignoreCase;

  /**
   * @param ignoreCase true where the server takes names in any case (lower_case_table_names)
   */
  public StatementJudge(String schema, String table, boolean ignoreCase) {
    this.schema = schema;
    this.table = table;
    this.ignoreCase = ignoreCase;
  }

  public Verdict judge(QueryEvent event) {
    if (event.sql().contains(OWN_MARK)) {
      return Verdict.HARMLESS;
    }
    Cursor cursor = new Cursor(Lexer.tokens(event.sql(), event.quoting()));
    while (cursor.takeSymbol('(')) {
      // a query may stand in parentheses
    }
    if (cursor.atEnd()) {
      return Verdict.HARMLESS;
    }
    String first = cursor.present().text().toUpperCase(Locale.ROOT);
    cursor.advance();
    return switch (first) {
      case "TRUNCATE" -> truncate(cursor, event.database());
      case "ALTER" -> reshapes(alter(cursor, event.database()));
      case "CREATE" -> reshapes(create(cursor, event.database()));
      case "DROP" -> reshapes(drop(cursor, event.database()));
      case "RENAME" -> reshapes(rename(cursor, event.database()));
      case "INSERT", "REPLACE", "UPDATE", "DELETE", "LOAD", "CALL", "DO", "SELECT", "WITH" ->
          writes(event);
      // MariaDB: SET STATEMENT x = y FOR statement, and ANALYZE statement, which executes it
      case "SET" -> cursor.take("STATEMENT") ? writes(event) : Verdict.HARMLESS;
      case "ANALYZE" -> isMaintenance(cursor) ? Verdict.HARMLESS : writes(event);
      default -> Verdict.HARMLESS;
    };
  }

  private static boolean isMaintenance(Cursor cursor) {
    cursor.takeAll("LOCAL", "NO_WRITE_TO_BINLOG");
    return cursor.take("TABLE") || cursor.take("TABLES");
  }

  private static Verdict reshapes(boolean ours) {
    return ours ? Verdict.RESHAPES : Verdict.HARMLESS;
  }

  private Verdict truncate(Cursor cursor, String database) {
    cursor.take("TABLE");
    return isOurs(cursor.name(), database) ? Verdict.TRUNCATES : Verdict.HARMLESS;
  }

  private boolean alter(Cursor cursor, String database) {
    cursor.takeAll("ONLINE", "OFFLINE", "IGNORE");
    if (!cursor.take("TABLE")) {
      return false;
    }
    cursor.takeAll("IF", "EXISTS");
    boolean ours = isOurs(cursor.name(), database);
    while (!ours && !cursor.atEnd()) {
      if (cursor.take("RENAME")) {
        ours = isOurs(newName(cursor), database);
      } else if (cursor.take("EXCHANGE")) {
        ours = cursor.find("TABLE") && isOurs(cursor.name(), database);
      } else {
        cursor.advance();
      }
    }
    return ours;
  }

  /** The name behind RENAME; null when a column or an index is renamed. */
  private static Cursor.Name newName(Cursor cursor) {
    if (cursor.present().is("COLUMN")
        || cursor.present().is("INDEX")
        || cursor.present().is("KEY")) {
      return null;
    }
    cursor.takeAll("TO", "AS");
    cursor.takeSymbol('=');
    return cursor.name();
  }

  private boolean create(Cursor cursor, String database) {
    cursor.takeAll("OR", "REPLACE", "ONLINE", "OFFLINE", "UNIQUE", "FULLTEXT", "SPATIAL", "VECTOR");
    if (cursor.take("TABLE")) {
      cursor.takeAll("IF", "NOT", "EXISTS");
      return isOurs(cursor.name(), database);
    }
    if (cursor.take("INDEX")) {
      return cursor.find("ON") && isOurs(cursor.name(), database);
    }
    return false;
  }

  private boolean drop(Cursor cursor, String database) {
    cursor.takeAll("ONLINE", "OFFLINE");
    if (cursor.take("DATABASE") || cursor.take("SCHEMA")) {
      cursor.takeAll("IF", "EXISTS");
      return same(cursor.present().text(), schema);
    }
    if (cursor.take("INDEX")) {
      return cursor.find("ON") && isOurs(cursor.name(), database);
    }
    if (!cursor.take("TABLE") && !cursor.take("TABLES")) {
      return false; // temporary tables have names of their own
    }
    cursor.takeAll("IF", "EXISTS");
    do {
      if (isOurs(cursor.name(), database)) {
        return true;
      }
    } while (cursor.takeSymbol(','));
    return false;
  }

  private boolean rename(Cursor cursor, String database) {
    if (!cursor.take("TABLE") && !cursor.take("TABLES")) {
      return false;
    }
    cursor.takeAll("IF", "EXISTS");
    while (!cursor.atEnd()) {
      if (isOurs(cursor.name(), database)) {
        return true;
      }
      if (!cursor.present().isName()) {
        cursor.advance();
      } else {
        cursor.takeAll("WAIT", "NOWAIT", "TO");
      }
    }
    return false;
  }

  private Verdict writes(QueryEvent event) {
    Optional<List<String>> written = event.writtenDatabases();
    if (written.isPresent() && written.get().stream().noneMatch(name -> same(name, schema))) {
      return Verdict.HARMLESS;
    }
    return isEmptyingOfMemoryTable(event) ? Verdict.HARMLESS : Verdict.HIDES_ROWS;
  }

  /** After a restart the server itself writes DELETE FROM for each table of the MEMORY engine. */
  private boolean isEmptyingOfMemoryTable(QueryEvent event) {
    Cursor cursor = new Cursor(Lexer.tokens(event.sql(), event.quoting()));
    if (!cursor.take("DELETE") || !cursor.take("FROM")) {
      return false;
    }
    Cursor.Name name = cursor.name();
    return cursor.atEnd()
        && name != null
        && name.schema() != null
        && !isOurs(name, event.database());
  }

  private boolean isOurs(Cursor.Name name, String database) {
    return name != null
        && same(name.table(), table)
        && same(name.schema() == null ? database : name.schema(), schema);
  }

  private boolean same(String one, String other) {
    return ignoreCase ? one.equalsIgnoreCase(other) : one.equals(other);
  }
}
