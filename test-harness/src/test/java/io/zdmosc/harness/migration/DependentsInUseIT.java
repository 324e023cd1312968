package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.Retire;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A role that sees nothing but views uses them all the while, and a plain member migrates. */
class DependentsInUseIT {
  private TestDatabase database;
  private String owner;
  private String viewer;
  private String application;
  private String migrator;

  @BeforeEach
  void createViews() throws SQLException {
    database = SharedServers.freshDatabase(SharedServers.newestMajor());
    owner = "owner_" + database.name();
    viewer = "viewer_" + database.name();
    application = "application_" + database.name();
    migrator = "migrator_" + database.name();
    database.execute(
        "CREATE ROLE " + owner,
        "CREATE ROLE " + viewer,
        "CREATE ROLE " + application + " LOGIN PASSWORD 'p'",
        "CREATE ROLE " + migrator + " LOGIN REPLICATION PASSWORD 'p' IN ROLE " + owner,
        "GRANT CREATE ON DATABASE " + database.name() + " TO " + migrator,
        "CREATE SCHEMA s AUTHORIZATION " + owner,
        "CREATE SCHEMA api AUTHORIZATION " + viewer,
        "GRANT USAGE ON SCHEMA api TO " + application,
        "GRANT USAGE ON SCHEMA s TO " + viewer,
        "CREATE TABLE s.t (id int PRIMARY KEY, n int NOT NULL, note text)",
        "INSERT INTO s.t SELECT i, i % 10 FROM generate_series(1, 5000) i",
        "ALTER TABLE s.t OWNER TO " + owner,
        "GRANT SELECT, INSERT, UPDATE ON s.t TO " + viewer,
        "SET ROLE " + viewer,
        "CREATE VIEW api.t WITH (security_barrier) AS SELECT id, n FROM s.t",
        "CREATE VIEW api.upon AS SELECT n, count(*) AS rows FROM api.t GROUP BY n",
        "CREATE FUNCTION api.counted() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER"
            + " BEGIN ATOMIC SELECT count(*) FROM s.t; END",
        "GRANT SELECT, INSERT, UPDATE ON api.t TO " + application,
        "GRANT SELECT ON api.upon TO " + application,
        "RESET ROLE");
  }

  @AfterEach
  void dropRoles() throws SQLException {
    for (String role : List.of(application, migrator, viewer, owner)) {
      database.execute("DROP OWNED BY " + role + " CASCADE", "DROP ROLE " + role);
    }
    database.close();
  }

  @Test
  void nobodyNoticesButByAMomentsWait() throws Exception {
    database.execute("GRANT " + viewer + " TO " + migrator);
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger next = new AtomicInteger(100_000);
    List<CompletableFuture<Integer>> writers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      writers.add(CompletableFuture.supplyAsync(() -> use(stop, next)));
    }
    migrate("ADD COLUMN extra int, ALTER COLUMN note TYPE varchar(20)");
    stop.set(true);
    int written = 0;
    for (CompletableFuture<Integer> writer : writers) {
      written += writer.get(30, TimeUnit.SECONDS);
    }
    assertThat(written).isPositive();
    assertThat(database.queryText("SELECT count(*) FROM s.t WHERE id > 100000"))
        .isEqualTo(String.valueOf(written));
    assertThat(database.queryText("SELECT api.counted()"))
        .isEqualTo(String.valueOf(5000 + written));
    Traces.assertNone(database);
  }

  /** Statements that the server has prepared, which no result of changes its type. */
  private int use(AtomicBoolean stop, AtomicInteger next) {
    int written = 0;
    try (Connection connection = DriverManager.getConnection(database.jdbcUrl(), application, "p");
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO api.t (id, n) VALUES (?, 5)");
        PreparedStatement read = connection.prepareStatement("SELECT * FROM api.t WHERE id = ?");
        PreparedStatement upon =
            connection.prepareStatement("SELECT rows FROM api.upon WHERE n = 5");
        PreparedStatement call = connection.prepareStatement("SELECT api.counted()")) {
      while (!stop.get()) {
        int id = next.incrementAndGet();
        insert.setInt(1, id);
        written += insert.executeUpdate();
        read.setInt(1, id);
        try (ResultSet row = read.executeQuery()) {
          assertThat(row.next()).as("what was written is seen").isTrue();
        }
        upon.executeQuery().close();
        call.executeQuery().close();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return written;
  }

  @Test
  void ownersThatTheRoleIsNoMemberOfAreNamed() {
    assertThatThrownBy(() -> migrate("ADD COLUMN extra int"))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("view \"api\".\"t\": belongs to role " + viewer)
        .hasMessageContaining("function api.counted(): belongs to role " + viewer)
        .hasMessageContaining("GRANT \"" + viewer + "\" TO \"" + migrator + "\".")
        .hasMessageContaining("GRANT CREATE ON SCHEMA \"api\" TO \"" + migrator + "\".");
  }

  private void migrate(String clause) {
    try (Database opened = Runs.open(database, migrator, "p")) {
      new Migration(
              opened,
              new ChangeRequest("s.t", clause),
              Runs.options().withRetire(Retire.DROP),
              MigrationListener.none())
          .run();
    }
  }
}
