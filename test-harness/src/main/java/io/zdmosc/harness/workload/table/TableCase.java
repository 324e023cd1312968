package io.zdmosc.harness.workload.table;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A source table and a change to it: what a test migrates.
 *
 * @param name a name for test titles, unique in its catalogue
 * @param table the source table
 * @param change what is asked for, and what must come of it
 * @param dialect the database it is for
 */
public record TableCase(String name, TableSpec table, Change change, SqlDialect dialect) {
  public TableCase {
    requireNonNull(name, "name is null");
    requireNonNull(table, "table is null");
    requireNonNull(change, "change is null");
    requireNonNull(dialect, "dialect is null");
  }

  /** Returns the source table's name as a user would have to write it. */
  public String sourceName() {
    return dialect.quote(table.name());
  }

  /** Returns whether the server can have such a table. */
  public boolean supportedBy(Connection connection) throws SQLException {
    if (table.key().requirement().isEmpty()) {
      return true;
    }
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(table.key().requirement().get())) {
      return rows.next();
    }
  }

  /** Creates the empty source table, in the connection's current schema. */
  public void create(Connection connection) throws SQLException {
    for (String sql : table.key().setup()) {
      execute(connection, sql);
    }
    for (String sql : table.create()) {
      execute(connection, sql);
    }
  }

  /**
   * Makes the change the database's own way, blocking writers: one statement per clause, all in one
   * transaction.
   */
  public void alterNatively(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try {
      for (String sql : dialect.nativeAlter(table, change)) {
        execute(connection, sql);
      }
      connection.commit();
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  @Override
  public String toString() {
    return name;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }
}
