package io.zdmosc.harness.migration.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.cli.server.Product;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.spi.Orders.Ending;
import io.zdmosc.harness.migration.HeldMigration;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.MySqlServer;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What finds the table by its name goes on through the swap and the rollback: views, statements
 * that a pool keeps prepared on the server, and grants on columns.
 */
class NamesInUseIT {
  private static final String RELEASES = "io.zdmosc.harness.server.mysql.SharedMySqlServers#newest";
  private static final int ROWS = 500;
  private static final int ROUNDS = 30;

  private static MySqlDatabase table(MySqlRelease release) throws SQLException {
    MySqlDatabase database = SharedMySqlServers.freshDatabase(release);
    database.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, n INT NOT NULL, name VARCHAR(20))",
        "INSERT INTO t WITH RECURSIVE i AS (SELECT 1 AS k UNION ALL SELECT k + 1 FROM i WHERE k < "
            + ROWS
            + ") SELECT k, 0, CONCAT('row ', k) FROM i",
        "CREATE VIEW everything AS SELECT * FROM t",
        "CREATE VIEW joined AS SELECT a.id, b.n FROM t a JOIN everything b USING (id)",
        "CREATE VIEW low AS SELECT * FROM t WHERE n < 1000000 WITH CASCADED CHECK OPTION");
    return database;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void viewsAndPreparedStatementsGoOn(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = table(release);
        Pool pool = Pool.on(database)) {
      pool.awaitRounds(ROUNDS);
      try (HeldMigration held =
          HeldMigration.begin(
              () -> MySqlRuns.open(database),
              "t",
              "ADD COLUMN added INT FIRST, MODIFY n BIGINT NOT NULL",
              Map.of())) {
        pool.awaitRounds(ROUNDS);
        assertThat(columns(database, "t")).containsExactly("added", "id", "n", "name");
        assertThat(columns(database, "everything")).containsExactly("id", "n", "name");
        assertThat(held.end(Ending.ROLLBACK_AND_DROP).state())
            .isEqualTo(MigrationState.ROLLED_BACK);
        pool.awaitRounds(ROUNDS);
      }
      pool.close();
      assertThat(pool.errors).isEmpty();
      assertThat(database.queryText("SELECT SUM(n) FROM joined")).isEqualTo("" + pool.written);
      assertThat(database.queryText("SELECT SUM(n) FROM t")).isEqualTo("" + pool.written);
      assertThatThrownBy(() -> database.execute("UPDATE low SET n = 2000000 WHERE id = 1"))
          .hasMessageContaining("CHECK OPTION");
    }
  }

  private static List<String> columns(MySqlDatabase database, String of) throws SQLException {
    List<String> names = new ArrayList<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SHOW COLUMNS FROM " + of)) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  /** Each connection keeps its statements prepared on the server, as a pool does. */
  private static final class Pool implements AutoCloseable {
    private static final int CONNECTIONS = 3;

    private final AtomicInteger rounds = new AtomicInteger();
    private final AtomicInteger written = new AtomicInteger();
    private final List<String> errors = new ArrayList<>();
    private final List<CompletableFuture<Void>> all = new ArrayList<>();
    private volatile boolean closed;

    static Pool on(MySqlDatabase database) {
      Pool pool = new Pool();
      for (int i = 0; i < CONNECTIONS; i++) {
        int first = 1 + i * 10;
        pool.all.add(CompletableFuture.runAsync(() -> pool.work(database, first)));
      }
      return pool;
    }

    private void work(MySqlDatabase database, int first) {
      String url = database.jdbcUrl() + "?useServerPrepStmts=true&cachePrepStmts=true";
      // MySQL's driver cannot read more columns than there were when it prepared a statement
      boolean mySql = database.server().spec().release().product() == Product.MYSQL;
      String columns = mySql ? "id, n, name" : "*";
      try (Connection connection =
              DriverManager.getConnection(url, database.user(), database.password());
          PreparedStatement whole =
              connection.prepareStatement("SELECT " + columns + " FROM t WHERE id = ?");
          PreparedStatement view =
              connection.prepareStatement("SELECT * FROM everything WHERE id = ?");
          PreparedStatement join =
              connection.prepareStatement("SELECT n FROM joined WHERE id = ?");
          PreparedStatement write =
              connection.prepareStatement("UPDATE low SET n = n + 1 WHERE id = ?")) {
        for (int n = 1; !closed; n++) {
          int id = first + n % 10;
          write.setInt(1, id);
          written.addAndGet(write.executeUpdate());
          int wanted = (n - 1) / 10 + 1;
          for (PreparedStatement each : List.of(whole, view, join)) {
            requireValue(each, id, wanted);
          }
          rounds.incrementAndGet();
          Thread.sleep(5);
        }
      } catch (SQLException | InterruptedException | RuntimeException e) {
        synchronized (errors) {
          errors.add(e.toString());
        }
      }
    }

    /** This connection alone writes the row, and has written it so often. */
    private static void requireValue(PreparedStatement statement, int id, int wanted)
        throws SQLException {
      statement.setInt(1, id);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next() || row.getInt("n") != wanted) {
          throw new IllegalStateException("row " + id + " has not been written " + wanted);
        }
      }
    }

    void awaitRounds(int more) {
      int target = rounds.get() + more * CONNECTIONS;
      Awaitility.await()
          .atMost(60, TimeUnit.SECONDS)
          .until(() -> rounds.get() >= target || all.stream().anyMatch(CompletableFuture::isDone));
    }

    @Override
    public void close() {
      closed = true;
      all.forEach(each -> each.orTimeout(30, TimeUnit.SECONDS).join());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void columnGrantsFollowTheName(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = table(release)) {
      MySqlServer server = database.server();
      String user = "reader_" + database.name();
      server.createUser(user, "pw", "SELECT (id, n), UPDATE (n) ON `" + database.name() + "`.t");
      try (Connection reader = DriverManager.getConnection(database.jdbcUrl(), user, "pw");
          Statement statement = reader.createStatement()) {
        try (HeldMigration held =
            HeldMigration.begin(
                () -> MySqlRuns.open(database), "t", "CHANGE name title VARCHAR(20)", Map.of())) {
          mayDoAsBefore(statement, "title");
          held.end(Ending.ROLLBACK_AND_DROP);
        }
        mayDoAsBefore(statement, "name");
        MySqlRuns.migrate(database, "t", "CHANGE n m INT NOT NULL");
        assertThatThrownBy(() -> statement.executeQuery("SELECT m FROM t"))
            .hasMessageContaining("denied");
        server.execute("GRANT SELECT (m) ON `" + database.name() + "`.t TO " + user + "@'%'");
        statement.executeQuery("SELECT id, m FROM t WHERE id = 1").close();
      } finally {
        server.execute("DROP USER " + user + "@'%'");
      }
    }
  }

  private static void mayDoAsBefore(Statement statement, String other) throws SQLException {
    statement.executeQuery("SELECT id, n FROM t WHERE id = 1").close();
    assertThat(statement.executeUpdate("UPDATE t SET n = n + 1 WHERE id = 1")).isEqualTo(1);
    assertThatThrownBy(() -> statement.executeQuery("SELECT " + other + " FROM t"))
        .hasMessageContaining("denied");
    assertThatThrownBy(() -> statement.executeUpdate("DELETE FROM t WHERE id = 1"))
        .hasMessageContaining("denied");
  }
}
