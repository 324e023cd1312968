package io.zdmosc.postgres.shadow;

import static io.zdmosc.postgres.sql.Sql.literal;
import static io.zdmosc.postgres.sql.Sql.name;
import static io.zdmosc.postgres.sql.Sql.names;

import io.zdmosc.postgres.catalog.IndexInfo;
import java.util.ArrayList;
import java.util.List;

/** Writes the statements that make an index, from the definition that the server gave. */
public final class IndexSql {
  private IndexSql() {}

  /**
   * {@code CREATE INDEX}, on another table under another name. Everything from the access method on
   * is the server's own text.
   */
  public static String create(IndexInfo index, String table, String indexName) {
    String definition = index.definition();
    int tail = tail(definition);
    String unique = index.unique() ? "UNIQUE " : "";
    String tablespace =
        index.tablespace().isEmpty() ? "" : " TABLESPACE " + name(index.tablespace());
    String body = definition.substring(tail);
    String where = "";
    int predicate = index.partial() ? start(" WHERE ", body) : -1;
    if (predicate >= 0) {
      where = body.substring(predicate);
      body = body.substring(0, predicate);
    }
    return "CREATE "
        + unique
        + "INDEX "
        + name(indexName)
        + " ON "
        + onlyIf(index)
        + table
        + body
        + tablespace
        + where;
  }

  /** One that lacks parts is made for its table alone: with them it would be complete. */
  static String onlyIf(IndexInfo index) {
    return index.lacksParts() ? "ONLY " : "";
  }

  /** Where " USING method (" begins: behind the index's and the table's name, quoted or not. */
  private static int tail(String definition) {
    int at = definition.indexOf("INDEX ") + "INDEX ".length();
    at = skipName(definition, at);
    at = definition.startsWith(" ON ONLY ", at) ? at + 9 : at + 4;
    at = skipName(definition, at);
    if (!definition.startsWith(" USING ", at)) {
      throw new IllegalStateException("cannot read the index definition: " + definition);
    }
    return at;
  }

  /** Skips a name of one or more parts. */
  private static int skipName(String text, int from) {
    int at = from;
    while (true) {
      if (text.charAt(at) == '"') {
        at++;
        while (text.charAt(at) != '"' || text.startsWith("\"\"", at)) {
          at += text.charAt(at) == '"' ? 2 : 1;
        }
        at++;
      } else {
        while (text.charAt(at) != '.' && text.charAt(at) != ' ') {
          at++;
        }
      }
      if (text.charAt(at) != '.') {
        return at;
      }
      at++;
    }
  }

  /** The index by which rows are found while the migration runs, where there is no other. */
  static String forRows(ShadowSpec spec, RowIdentity identity, String table, String indexName) {
    // one of a partitioned table cannot be unique without the partition key
    return "CREATE "
        + (spec.table().isPartitioned() ? "" : "UNIQUE ")
        + "INDEX "
        + name(indexName)
        + " ON "
        + table
        + " ("
        + names(identity.shadowColumns())
        + ")";
  }

  /** Makes the index the table's replica identity. */
  static String identify(String table, String indexName) {
    return "ALTER TABLE " + table + " REPLICA IDENTITY USING INDEX " + name(indexName);
  }

  /** Gives each partition its own part of this index as replica identity. */
  static String identifyPartitions(String index) {
    String block =
        "DECLARE each record; BEGIN FOR each IN SELECT i.indrelid::regclass AS part, c.relname"
            + " AS index FROM pg_inherits h JOIN pg_index i ON i.indexrelid = h.inhrelid"
            + " JOIN pg_class c ON c.oid = i.indexrelid WHERE h.inhparent = "
            + literal(index)
            + "::regclass LOOP EXECUTE format('ALTER TABLE %s REPLICA IDENTITY USING INDEX %I',"
            + " each.part, each.index); END LOOP; END";
    return "DO " + literal(block);
  }

  /** What follows the name in {@code ADD CONSTRAINT}, with the options of its index. */
  public static String constraint(IndexInfo index) {
    String definition = index.constraintDefinition();
    if (index.constraintType().equals("x")) {
      return definition;
    }
    String body = index.definition().substring(tail(index.definition()));
    int options = start(" WITH (", body);
    String more = options < 0 ? "" : body.substring(options);
    if (!index.tablespace().isEmpty()) {
      more += " USING INDEX TABLESPACE " + name(index.tablespace());
    }
    int when = start(" DEFERRABLE", definition);
    int end = when < 0 ? definition.length() : when;
    return definition.substring(0, end) + more + definition.substring(end);
  }

  /** Where this begins, outside of quotes and parentheses; -1 when it is not there. */
  private static int start(String words, String body) {
    int depth = 0;
    int found = -1;
    for (int i = 0; i < body.length(); i++) {
      char c = body.charAt(i);
      if (c == '\'' || c == '"') {
        i = endOfQuotes(body, i);
      } else if (c == '(') {
        depth++;
      } else if (c == ')') {
        depth--;
      } else if (depth == 0 && body.startsWith(words, i)) {
        found = i;
        break;
      }
    }
    return found;
  }

  private static int endOfQuotes(String text, int from) {
    char quote = text.charAt(from);
    boolean escapes = quote == '\'' && from > 0 && text.charAt(from - 1) == 'E';
    int at = from + 1;
    while (text.charAt(at) != quote) {
      at += escapes && text.charAt(at) == '\\' ? 2 : 1;
    }
    return at;
  }

  /** Makes the index serve its constraint, by the index's own name. */
  public static String attach(IndexInfo index, String table, String indexName) {
    String kind = index.constraintType().equals("p") ? "PRIMARY KEY" : "UNIQUE";
    String sql =
        "ALTER TABLE "
            + table
            + " ADD CONSTRAINT "
            + name(indexName)
            + " "
            + kind
            + " USING INDEX "
            + name(indexName);
    if (index.deferrable()) {
      sql += " DEFERRABLE";
    }
    if (index.deferred()) {
      sql += " INITIALLY DEFERRED";
    }
    return sql;
  }

  /** All statements that make an index with everything it has, by itself and for its constraint. */
  static List<String> whole(IndexInfo index, String table, String schema, String indexName) {
    List<String> statements = new ArrayList<>();
    if (index.needsConstraintSyntax()) {
      statements.add(
          "ALTER TABLE "
              + onlyIf(index)
              + table
              + " ADD CONSTRAINT "
              + name(indexName)
              + " "
              + (index.partitioned() ? constraint(index) : index.constraintDefinition()));
    } else {
      statements.add(create(index, table, indexName));
      if (index.servesConstraint()) {
        statements.add(attach(index, table, indexName));
      }
    }
    if (index.constraintComment() != null) {
      statements.add(
          "COMMENT ON CONSTRAINT "
              + name(indexName)
              + " ON "
              + table
              + " IS "
              + literal(index.constraintComment()));
    }
    statements.addAll(settings(index, schema, indexName));
    statements.addAll(marks(index, table, indexName));
    return statements;
  }

  /** Those of them that come before the swap. */
  static List<String> ahead(IndexInfo index, String table, String schema, String indexName) {
    if (!index.isAttachedLate()) {
      return whole(index, table, schema, indexName);
    }
    List<String> statements = new ArrayList<>();
    statements.add(create(index, table, indexName));
    statements.addAll(settings(index, schema, indexName));
    statements.addAll(marks(index, table, indexName));
    return statements;
  }

  /** Makes an index of a partition a part of one of its table. */
  public static String join(String whole, String part) {
    return "ALTER INDEX " + whole + " ATTACH PARTITION " + part;
  }

  /** What the table knows of it. */
  private static List<String> marks(IndexInfo index, String table, String indexName) {
    List<String> statements = new ArrayList<>();
    if (index.clustered() && !index.partitioned()) {
      statements.add("ALTER TABLE " + table + " CLUSTER ON " + name(indexName));
    }
    if (index.replicaIdentity()) {
      statements.add(identify(table, indexName));
    }
    return statements;
  }

  /** What an index has besides its definition. */
  public static List<String> settings(IndexInfo index, String schema, String indexName) {
    List<String> statements = new ArrayList<>();
    if (index.comment() != null) {
      statements.add(
          "COMMENT ON INDEX " + name(schema, indexName) + " IS " + literal(index.comment()));
    }
    for (String statistics : index.expressionStatistics()) {
      String[] parts = statistics.split("=", 2);
      statements.add(
          "ALTER INDEX "
              + name(schema, indexName)
              + " ALTER COLUMN "
              + parts[0]
              + " SET STATISTICS "
              + parts[1]);
    }
    for (String extension : index.extensions()) {
      statements.add(
          "ALTER INDEX " + name(schema, indexName) + " DEPENDS ON EXTENSION " + name(extension));
    }
    return statements;
  }
}
