package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.ExitCode;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.workload.Site;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A password is nowhere that somebody else could look: not in what the tool says and logs at its
 * most talkative, not in the list of the machine's processes or the server's, not in the control
 * schema; not even a wrong one.
 */
class PasswordsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** In the right password and in the wrong ones. */
  private static final String WORD = "vogelfrei";

  private static final String RIGHT = "sEcReT7" + WORD + "9";
  private static final String WRONG = "wRoNg3" + WORD + "5";
  private static final String USER = "confidant";

  private static final String TABLES =
      "SELECT table_name FROM information_schema.tables WHERE table_schema = 'zdm_osc'";

  @TempDir private Path folder;

  static List<Site> sites() {
    return Site.all();
  }

  @ParameterizedTest
  @MethodSource("sites")
  void appearNowhere(Site site) throws Exception {
    try (TestDatabase database = site.database()) {
      boolean postgres = database.jdbcUrl().startsWith("jdbc:postgresql:");
      database.execute(
          "CREATE TABLE kept_secret (id int PRIMARY KEY)", "INSERT INTO kept_secret VALUES (1)");
      createUser(database, postgres);
      try {
        String variable = postgres ? "PGPASSWORD" : "MYSQL_PWD";
        migrate(database, variable, postgres);
      } finally {
        database.execute((postgres ? "DROP OWNED BY " + USER + "; " : "") + "DROP USER " + USER);
      }
    }
  }

  private void migrate(TestDatabase database, String variable, boolean postgres) throws Exception {
    String passwordFile = secretFile(RIGHT);
    try (ChildProcess run =
            tool(database, Map.of(), "run", runOptions("--password-file", passwordFile));
        ChildProcess byVariable =
            tool(database, Map.of(variable, WRONG), "run", runOptions("--output", "json"));
        ChildProcess byFile =
            tool(database, Map.of(), "status", "--password-file", secretFile(WRONG))) {
      assertNothing("command lines", commandLines());
      assertThat(byVariable.exitStatus(PATIENCE)).isEqualTo(ExitCode.REFUSED.status());
      assertThat(byFile.exitStatus(PATIENCE)).isEqualTo(ExitCode.REFUSED.status());
      assertNothing("words after a wrong password", byVariable.toString() + byFile);
      awaitReady(database, run);
      assertNothing("command lines", commandLines());
      assertNothing("the server's processes", processes(database, postgres));
      assertNothing("the control schema", control(database));

      Map<String, String> right = Map.of(variable, RIGHT);
      try (ChildProcess status = tool(database, right, "status", "--all", "--output", "json");
          ChildProcess order = tool(database, right, "cut-over", "--table", "kept_secret")) {
        assertThat(status.exitStatus(PATIENCE)).as(status.toString()).isZero();
        assertThat(order.exitStatus(PATIENCE)).as(order.toString()).isZero();
        assertNothing("words of other commands", status.toString() + order);
      }
      assertThat(run.exitStatus(PATIENCE)).as(run.toString()).isZero();
      assertNothing("words of the run", run.toString());
    }
    assertNothing("the control schema", control(database));
    assertNothing("the log file", Files.readString(folder.resolve("log")));
  }

  private ChildProcess tool(
      TestDatabase database, Map<String, String> environment, String command, String... options)
      throws IOException {
    String[] all =
        Stream.concat(
                Stream.of(options),
                Stream.of("-vvv", "--log-file", folder.resolve("log").toString()))
            .toArray(String[]::new);
    return ChildProcess.tool(database, USER, environment, command, all);
  }

  private static String[] runOptions(String... more) {
    return Stream.concat(
            Stream.of(
                "--table", "kept_secret", "--alter", "ADD COLUMN n int", "--postpone-cut-over"),
            Stream.of(more))
        .toArray(String[]::new);
  }

  private String secretFile(String password) throws IOException {
    return Files.writeString(Files.createTempFile(folder, "file", ""), password + "\n").toString();
  }

  private static void createUser(TestDatabase database, boolean postgres) throws SQLException {
    if (postgres) {
      database.execute("CREATE ROLE " + USER + " SUPERUSER LOGIN PASSWORD '" + RIGHT + "'");
    } else {
      database.execute(
          "CREATE USER " + USER + " IDENTIFIED BY '" + RIGHT + "'",
          "GRANT ALL ON *.* TO " + USER + " WITH GRANT OPTION");
    }
  }

  private static void awaitReady(TestDatabase database, ChildProcess run) {
    try (Database opened = AnyDatabase.open(database)) {
      Awaitility.await()
          .atMost(PATIENCE)
          .until(
              () ->
                  !run.isAlive()
                      || opened.control().latest(100).stream()
                          .filter(each -> each.table().contains("kept_secret"))
                          .anyMatch(each -> each.state() == MigrationState.READY && each.open()));
    }
    assertThat(run.isAlive()).as(run.toString()).isTrue();
  }

  private static void assertNothing(String where, String text) {
    assertThat(text).as(where).isNotBlank();
    assertThat(text).as(where).doesNotContainIgnoringCase(WORD);
    String bytes = HexFormat.of().formatHex(WORD.getBytes(StandardCharsets.UTF_8));
    assertThat(text).as(where).doesNotContainIgnoringCase(bytes);
  }

  /** Of all processes of this machine, where there is such a list. */
  private static String commandLines() throws IOException {
    Path processes = Path.of("/proc");
    if (!Files.isDirectory(processes)) {
      return "no list";
    }
    try (Stream<Path> all = Files.list(processes)) {
      String lines =
          all.filter(process -> process.getFileName().toString().matches("\\d+"))
              .map(PasswordsIT::commandLine)
              .collect(Collectors.joining("\n"));
      assertThat(lines).contains("--postpone-cut-over");
      return lines;
    }
  }

  private static String commandLine(Path process) {
    try {
      return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // it has ended meanwhile
    }
  }

  private static String processes(TestDatabase database, boolean postgres) throws SQLException {
    String list = postgres ? "pg_stat_activity" : "information_schema.PROCESSLIST";
    String rows = rows(database, list);
    assertThat(rows).contains(USER);
    return postgres ? rows : rows + rows(database, "performance_schema.session_connect_attrs");
  }

  private static String control(TestDatabase database) throws SQLException {
    StringBuilder all = new StringBuilder();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet tables = statement.executeQuery(TABLES)) {
      while (tables.next()) {
        all.append(rows(database, "zdm_osc." + tables.getString(1)));
      }
    }
    assertThat(all.toString()).contains("kept_secret");
    return all.toString();
  }

  private static String rows(TestDatabase database, String table) throws SQLException {
    StringBuilder all = new StringBuilder();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        for (int column = 1; column <= columns; column++) {
          all.append(rows.getString(column)).append(' ');
        }
        all.append('\n');
      }
    }
    return all.toString();
  }
}
