package io.zdmosc.harness.migration;

import static io.zdmosc.harness.migration.EverythingSetup.CHILD;
import static io.zdmosc.harness.migration.EverythingSetup.SCHEMA;
import static io.zdmosc.harness.migration.EverythingSetup.TABLE;
import static io.zdmosc.harness.migration.EverythingSetup.VIEW;
import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.workload.ConnectionSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The application of the table with everything: all that it does must go on as ever. */
final class EverythingApplication {
  private final ConnectionSource source;

  EverythingApplication(TestDatabase database, EverythingSetup setup) {
    this.source =
        () -> {
          Connection connection = database.connect();
          try (Statement statement = connection.createStatement()) {
            statement.execute("SET ROLE " + setup.app());
          }
          return connection;
        };
  }

  Application start() {
    return new Application()
        .does("writer", source, new Writer())
        .does("what may not be", source, EverythingApplication::tryWhatMayNotBe)
        .does("other tenants", source, EverythingApplication::lookForOthers)
        .does("views", source, EverythingApplication::readViews)
        .does("one snapshot", source, EverythingApplication::readTwice);
  }

  /** Statements that are prepared once, and stay so in their connection. */
  private static final class Writer implements Application.Round {
    private final Map<String, PreparedStatement> prepared = new HashMap<>();
    private final Deque<Long> own = new ArrayDeque<>();

    @Override
    public void run(Connection connection) throws SQLException {
      connection.setAutoCommit(false);
      long id =
          value(
              connection,
              "INSERT INTO " + TABLE + " (up, kind, amount) VALUES (1, 3, 5) RETURNING \"ID\"");
      update(connection, "INSERT INTO " + CHILD + " (o, was) VALUES (?, ?)", id, id);
      update(connection, "INSERT INTO kids.parts VALUES (11, ?)", id);
      assertThat(value(connection, "SELECT twice FROM " + TABLE + " WHERE \"ID\" = ?", id))
          .isEqualTo(10);
      assertThat(
              value(
                  connection,
                  "SELECT count(*) FROM "
                      + SCHEMA
                      + ".audit WHERE id = ? AND what = 'after Insert'",
                  id))
          .as("fired")
          .isEqualTo(1);
      assertThat(update(connection, "UPDATE " + TABLE + " SET amount = 13 WHERE \"ID\" = ?", id))
          .as("the rule")
          .isZero();
      assertThat(
              update(
                  connection,
                  "UPDATE " + TABLE + " SET amount = 6, \"sélect\" = 'y' WHERE \"ID\" = ?",
                  id))
          .isEqualTo(1);
      connection.commit();
      own.add(id);
      if (own.size() > 20) {
        delete(connection, own.remove());
      }
    }

    private void delete(Connection connection, long id) throws SQLException {
      update(connection, "UPDATE " + CHILD + " SET was = NULL WHERE was = ?", id);
      assertThat(update(connection, "DELETE FROM " + TABLE + " WHERE \"ID\" = ?", id)).isEqualTo(1);
      assertThat(value(connection, "SELECT count(*) FROM " + CHILD + " WHERE o = ?", id)).isZero();
      assertThat(value(connection, "SELECT count(*) FROM kids.parts WHERE o = ?", id)).isZero();
      connection.commit();
    }

    private PreparedStatement prepare(Connection connection, String sql, long... parameters)
        throws SQLException {
      PreparedStatement statement = prepared.get(sql);
      if (statement == null) {
        statement = connection.prepareStatement(sql);
        prepared.put(sql, statement);
      }
      for (int i = 0; i < parameters.length; i++) {
        statement.setLong(i + 1, parameters[i]);
      }
      return statement;
    }

    private int update(Connection connection, String sql, long... parameters) throws SQLException {
      return prepare(connection, sql, parameters).executeUpdate();
    }

    private long value(Connection connection, String sql, long... parameters) throws SQLException {
      try (ResultSet row = prepare(connection, sql, parameters).executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private static void lookForOthers(Connection connection) throws SQLException {
    assertThat(
            values(
                connection,
                "SELECT count(*) > 1000, count(*) FILTER (WHERE \"ten ant\" <> 'a'),"
                    + " count(*) FILTER (WHERE amount = 666) FROM "
                    + TABLE))
        .containsExactly("t", "0", "0");
  }

  private static void tryWhatMayNotBe(Connection connection) throws SQLException {
    refused(connection, "42501", "INSERT INTO " + TABLE + " (\"ten ant\") VALUES ('b')");
    refused(connection, "23503", "INSERT INTO " + CHILD + " (o) VALUES (-1)");
    refused(connection, "23503", "INSERT INTO " + CHILD + " (was) VALUES (-1)");
    refused(connection, "23503", "INSERT INTO kids.parts VALUES (1, -1)");
    refused(connection, "23503", "UPDATE " + TABLE + " SET kind = 99 WHERE \"ID\" = 2");
    refused(connection, "23514", "UPDATE " + TABLE + " SET amount = -1 WHERE \"ID\" = 2");
    refused(connection, "42501", "TRUNCATE " + TABLE);
  }

  private static void refused(Connection connection, String state, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      if (state.equals(e.getSQLState())) {
        return;
      }
      throw e;
    }
    throw new AssertionError("passed: " + sql);
  }

  private static void readViews(Connection connection) throws SQLException {
    assertThat(
            values(
                connection,
                "SELECT (SELECT sum(c) FROM "
                    + SCHEMA
                    + ".above) = (SELECT count(*) FROM "
                    + VIEW
                    + "), (SELECT count(DISTINCT t) FROM "
                    + VIEW
                    + ")"))
        .containsExactly("t", "2");
  }

  private static void readTwice(Connection connection) throws Exception {
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    connection.setAutoCommit(false);
    String query = "SELECT sum(c), sum(s) FROM " + SCHEMA + ".above";
    List<String> first = values(connection, query);
    Thread.sleep(20);
    assertThat(values(connection, query)).isEqualTo(first);
    assertThat(Long.parseLong(first.get(0))).isGreaterThan(2_900);
    connection.commit();
  }

  private static List<String> values(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      List<String> values = new ArrayList<>();
      for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
        values.add(row.getString(i));
      }
      return values;
    }
  }
}
