package io.zdmosc.harness.migration.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.zdmosc.cli.server.Product;
import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.DryRun;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.PlannedChange;
import io.zdmosc.engine.spi.ScheduleSession;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.MySqlServer;
import io.zdmosc.mysql.MySqlConnector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The documented privileges are enough for everything, and each that is missing is told. */
class PrivilegesIT {
  private static final String RELEASES = "io.zdmosc.harness.server.mysql.SharedMySqlServers#newest";
  private static final String USER = "'o''connor'@'%'";
  private static final String CHANGE = "MODIFY v BIGINT";

  /** As docs/mysql.md has them: a right, and where it is needed. */
  private record Right(String privilege, String on) {
    String statement() {
      return "GRANT " + privilege + " ON " + on + " TO " + USER;
    }
  }

  private static List<Right> documented(MySqlRelease release) {
    List<Right> rights = new ArrayList<>();
    String client = release.product() == Product.MYSQL ? "REPLICATION CLIENT" : "BINLOG MONITOR";
    List.of("REPLICATION SLAVE", client, "PROCESS")
        .forEach(privilege -> rights.add(new Right(privilege, "*.*")));
    List<String> tables =
        List.of(
            "SELECT",
            "INSERT",
            "UPDATE",
            "DELETE",
            "CREATE",
            "DROP",
            "ALTER",
            "INDEX",
            "LOCK TABLES",
            "TRIGGER");
    tables.forEach(privilege -> rights.add(new Right(privilege, "`my_shop`.*")));
    tables.forEach(privilege -> rights.add(new Right(privilege, "`zdm_osc`.*")));
    rights.add(new Right("CREATE TEMPORARY TABLES", "`zdm_osc`.*"));
    return rights;
  }

  private static Database open(MySqlDatabase database) {
    return new MySqlConnector()
        .connect(new ConnectionSettings(database.jdbcUrl(), "o'connor", "secret", Map.of()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void theDocumentedPrivilegesAreEnough(MySqlRelease release) throws Exception {
    try (MySqlServer server = MySqlServer.start(release);
        MySqlDatabase database = server.createDatabase("my_shop")) {
      server.execute("CREATE USER " + USER + " IDENTIFIED BY 'secret'");
      for (Right right : documented(release)) {
        server.execute(right.statement());
      }
      database.execute(
          "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT, KEY w (v))",
          "INSERT INTO t (v) VALUES (1), (2), (3)");
      try (Database opened = open(database)) {
        ChangeRequest request = new ChangeRequest("t", CHANGE);
        opened.plan(request);
        for (DryRun dryRun : List.of(DryRun.SAMPLE, DryRun.FULL, DryRun.NONE)) {
          new Migration(
                  opened, request, MySqlRuns.options().withDryRun(dryRun), MigrationListener.none())
              .run();
        }
        cleanUpAfterADeadOne(opened, request);
      }
      assertThat(database.queryText("SELECT SUM(v) FROM t")).isEqualTo("6");
      missingOnesAreTold(server, database, release);
      whoSeesNoRecordIsNotToldThatThereIsNone(server, database);
    }
  }

  private static void whoSeesNoRecordIsNotToldThatThereIsNone(
      MySqlServer server, MySqlDatabase database) throws Exception {
    server.execute(
        "CREATE USER stranger@'%' IDENTIFIED BY 'secret'",
        "GRANT SELECT ON my_shop.* TO stranger@'%'");
    ConnectionSettings settings =
        new ConnectionSettings(database.jdbcUrl(), "stranger", "secret", Map.of());
    try (Database opened = new MySqlConnector().connect(settings)) {
      List<ThrowingCallable> all =
          List.of(
              () -> opened.control().unfinished(),
              () -> opened.control().latest(5),
              () -> opened.control().history(1),
              () -> opened.control().order(1, orders -> orders),
              () -> opened.control().resume(1, false),
              () -> opened.openSchedule().entries(OptionalLong.empty()),
              () -> opened.traffic("t").stored());
      for (ThrowingCallable one : all) {
        assertThatThrownBy(one)
            .isInstanceOf(RefusedException.class)
            .hasMessageContaining("on `zdm_osc`.*")
            .hasMessageContaining("TO 'stranger'@'%'; (to look only, SELECT is enough)");
      }
      server.execute("GRANT SELECT ON zdm_osc.* TO stranger@'%'");
      assertThat(opened.control().unfinished()).isEmpty();
      assertThat(opened.control().latest(5)).isNotEmpty();
      assertThat(opened.traffic("t").stored()).isEmpty();
      try (ScheduleSession schedule = opened.openSchedule()) {
        assertThat(schedule.entries(OptionalLong.empty())).isEmpty();
      }
      assertThatThrownBy(() -> opened.traffic("t").sample()).isInstanceOf(RefusedException.class);
    }
  }

  private static void cleanUpAfterADeadOne(Database opened, ChangeRequest request) {
    PlannedChange planned = opened.plan(request);
    try (ControlStore.Lease lease = opened.control().register(planned.plan(), "", false)) {
      planned.prepare(lease, true, note -> {}).close();
      lease.transition(MigrationState.PREPARED, "");
    }
    List<ControlStore.Unfinished> found = opened.control().unfinished();
    assertThat(found).hasSize(1);
    assertThat(found.get(0).objects()).isNotEmpty();
    assertThat(opened.control().remove(found.get(0))).isEmpty();
    assertThat(opened.control().unfinished()).isEmpty();
    assertThat(opened.control().strays()).isEmpty();
  }

  /** Each right is taken away, told by the plan, and given back by the statement that it names. */
  private static void missingOnesAreTold(
      MySqlServer server, MySqlDatabase database, MySqlRelease release) throws Exception {
    for (Right right : documented(release)) {
      server.execute("REVOKE " + right.privilege() + " ON " + right.on() + " FROM " + USER);
      RefusedException refused =
          catchThrowableOfType(
              RefusedException.class,
              () -> {
                try (Database opened = open(database)) {
                  opened.plan(new ChangeRequest("t", "ADD COLUMN x INT"));
                }
              });
      assertThat(refused).as(right.toString()).isNotNull();
      assertThat(refused.problems()).as(right.toString()).hasSize(1);
      Problem problem = refused.problems().get(0);
      assertThat(problem.toString()).contains("lacks " + right.privilege() + " on " + right.on());
      server.execute(problem.remedy());
    }
    try (Database opened = open(database)) {
      opened.plan(new ChangeRequest("t", "ADD COLUMN x INT"));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void aForeignKeyFromADatabaseThatTheUserDoesNotSeeIsFound(MySqlRelease release) throws Exception {
    try (MySqlServer server = MySqlServer.start(release);
        MySqlDatabase database = server.createDatabase("my_shop");
        MySqlDatabase hidden = server.createDatabase("hidden-1 one")) {
      server.execute("CREATE USER " + USER + " IDENTIFIED BY 'secret'");
      for (Right right : documented(release)) {
        server.execute(right.statement());
      }
      database.execute("CREATE TABLE `t-é x` (id INT PRIMARY KEY)");
      hidden.execute(
          "CREATE TABLE `c#1` (id INT PRIMARY KEY, CONSTRAINT `from/far` FOREIGN KEY (id)"
              + " REFERENCES my_shop.`t-é x` (id))");
      try (Database opened = open(database)) {
        assertThatThrownBy(() -> opened.plan(new ChangeRequest("`t-é x`", "ADD COLUMN v INT")))
            .isInstanceOf(RefusedException.class)
            .hasMessageContaining("is referred to by foreign key from/far of hidden-1 one.c#1");
      }
    }
  }

  /** What foreign keys take beside the rest. */
  @ParameterizedTest
  @EnumSource(Product.class)
  void theDocumentedPrivilegesAreEnoughForForeignKeys(Product product) throws Exception {
    MySqlRelease release = FamilyTables.release(product);
    List<Right> more =
        new ArrayList<>(
            List.of(
                new Right("REFERENCES", "`my_shop`.*"),
                new Right("REFERENCES", "`zdm_osc`.*"),
                new Right("SELECT", "`parents`.*"),
                new Right("REFERENCES", "`parents`.*"),
                new Right("LOCK TABLES", "`parents`.*"),
                new Right("SELECT", "`children`.*"),
                new Right("ALTER", "`children`.*"),
                new Right("LOCK TABLES", "`children`.*")));
    if (product == Product.MARIADB) {
      more.add(new Right("SELECT", "`grandchildren`.*"));
      more.add(new Right("LOCK TABLES", "`grandchildren`.*"));
    }
    try (MySqlServer server = MySqlServer.start(release);
        MySqlDatabase parents = server.createDatabase("parents");
        MySqlDatabase database = server.createDatabase("my_shop");
        MySqlDatabase children = server.createDatabase("children");
        MySqlDatabase grandchildren = server.createDatabase("grandchildren")) {
      server.execute("CREATE USER " + USER + " IDENTIFIED BY 'secret'");
      for (Right right : documented(release)) {
        server.execute(right.statement());
      }
      for (Right right : more) {
        server.execute(right.statement());
      }
      parents.execute("CREATE TABLE p (id INT PRIMARY KEY)");
      database.execute(
          "CREATE TABLE t (id INT PRIMARY KEY, p INT, up INT, CONSTRAINT tp FOREIGN KEY (p)"
              + " REFERENCES parents.p (id), CONSTRAINT self FOREIGN KEY (up) REFERENCES t (id))");
      children.execute(
          "CREATE TABLE c (id INT PRIMARY KEY, t INT, CONSTRAINT ct FOREIGN KEY (t) REFERENCES"
              + " my_shop.t (id) ON DELETE CASCADE)");
      grandchildren.execute(
          "CREATE TABLE g (id INT PRIMARY KEY, FOREIGN KEY (id) REFERENCES children.c (id))");
      try (Database opened = open(database)) {
        new Migration(
                opened,
                new ChangeRequest("t", "ADD COLUMN x INT"),
                MySqlRuns.options(),
                MigrationListener.none())
            .run();
      }
      for (Right right : more) {
        server.execute("REVOKE " + right.privilege() + " ON " + right.on() + " FROM " + USER);
        assertThatThrownBy(() -> planForeignKeys(database))
            .as(right.toString())
            .isInstanceOf(RefusedException.class)
            .hasMessageContaining(
                right.on().equals("`children`.*") && !right.privilege().equals("LOCK TABLES")
                    ? "children"
                    : "lacks " + right.privilege() + " on " + right.on());
        server.execute(right.statement());
      }
      planForeignKeys(database);
    }
  }

  private static void planForeignKeys(MySqlDatabase database) {
    try (Database opened = open(database)) {
      opened.plan(new ChangeRequest("t", "ADD COLUMN y INT"));
    }
  }
}
