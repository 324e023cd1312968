package io.zdmosc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.cli.output.Samples;
import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Partitioning;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.error.ExitCode;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.error.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
  @TempDir private Path folder;

  private Tool tool;

  @BeforeEach
  void openTool() {
    tool = new Tool(folder);
    tool.database.planner = request -> Samples.plan();
  }

  @Test
  void reportsAllMistakesTogetherAndTouchesNothing() {
    int status =
        tool.run(
            "run",
            "--url=jdbc:fake:x?password=s3cret",
            "--threads=many",
            "--chunk-time=1ms",
            "--retire=burn",
            "--tabel=users");

    assertThat(status).isEqualTo(ExitCode.REFUSED.status());
    assertThat(tool.err())
        .startsWith("Refused, for 7 reasons:")
        .contains("--tabel=users: is not an option of 'zdm-osc run'", "Did you mean '--table'?")
        .contains("--url: holds a password")
        .contains("--table: is missing")
        .contains("--alter: is missing")
        .contains("--threads: 'many' is not a whole number")
        .contains("--chunk-time: '1ms': chunk time must be at least 10 ms")
        .contains("--retire: 'burn' is not one of the choices")
        .endsWith("Nothing was touched.\n")
        .doesNotContain("s3cret");
    assertThat(tool.database.connections).isEmpty();
  }

  @Test
  void namesOptionsThatAreGivenTwiceOrWithoutAValueOnce() {
    assertThat(tool.run("run", "--table", "a", "--table", "b", "--alter", "", "--url"))
        .isEqualTo(2);
    assertThat(tool.err())
        .startsWith("Refused, for 2 reasons:")
        .contains("--table: is given twice", "--url: has no value");
  }

  @Test
  void suggestsTheCommandThatWasMeant() {
    assertThat(tool.run("rnu")).isEqualTo(2);
    assertThat(tool.err()).contains("rnu: is not a command", "Did you mean 'run'?");
  }

  @Test
  void showsItsUsageWithoutACommand() {
    assertThat(tool.run()).isEqualTo(2);
    assertThat(tool.err()).contains("Usage: zdm-osc", "cleanup");
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "resume", "serve", "plan", "cleanup", "demo"})
  void explainsEachCommandWithExitStatusesAndExamples(String command) {
    assertThat(tool.run("help", command)).isZero();
    assertThat(tool.out()).contains("Usage: zdm-osc " + command, "Exit status:", "Example");
    String viaHelp = tool.out();
    assertThat(tool.run(command, "--help")).isZero();
    assertThat(tool.out()).isEqualTo(viaHelp);
  }

  @Test
  void explainsTheDefaultsAsTheyAre() {
    tool.run("help", "run");
    RunOptions defaults = RunOptions.defaults();
    String help = tool.out().replaceAll("\\s+", " ");
    assertThat(help)
        .contains("where one does not keep up. Default: " + defaults.threads())
        .contains("size adapts. Default: " + defaults.chunkTime().toMillis() + "ms")
        .contains("further behind. Default: " + defaults.maxLag().toSeconds() + "s")
        .contains("the application. Default: " + defaults.cutOverBudget().toMillis() + "ms")
        .contains("one after another. Default: " + defaults.cutOverAttempts())
        .contains("index build. Default: " + (defaults.indexMemoryBytes() >> 20) + "MB")
        .contains("Default: " + defaults.retire().name().toLowerCase(Locale.ROOT));
  }

  @Test
  void explainsEveryExitStatusOfTheEngine() {
    tool.run("help", "run");
    Stream.of(ExitCode.values())
        .forEach(code -> assertThat(tool.out()).containsPattern("(?m)^  " + code.status() + "   "));
  }

  @Test
  void printsItsVersion() {
    assertThat(tool.run("--version")).isZero();
    assertThat(tool.out()).startsWith("zdm-osc ");
  }

  @Test
  void showsAPlanAsTextAndAsJson() {
    assertThat(plan("--alter", "ADD COLUMN plan text")).isZero();
    assertThat(tool.out()).contains("Steps", "ACCESS EXCLUSIVE", "at most 500 ms");
    assertThat(plan("--alter=", "--output=json")).isZero();
    assertThat(tool.out()).startsWith("{\"event\":\"plan\"").endsWith("}\n");
    assertThat(tool.database.requests.get(1).alter()).isEmpty();
    assertThat(tool.database.open).isZero();
  }

  @Test
  void takesTheClauseAsItIs() {
    plan("--alter", "ADD COLUMN a text DEFAULT '${sys:user.home} @x $1 \"q\"'");
    assertThat(tool.database.requests.get(0).alter())
        .isEqualTo("ADD COLUMN a text DEFAULT '${sys:user.home} @x $1 \"q\"'");
  }

  @Test
  void readsTheClauseFromAFile() throws IOException {
    Files.writeString(folder.resolve("change.sql"), "ADD COLUMN a int,\n  DROP COLUMN b\n");
    assertThat(plan("--alter-file=change.sql")).isZero();
    assertThat(tool.database.requests.get(0).alter())
        .isEqualTo("ADD COLUMN a int,\n  DROP COLUMN b");
    assertThat(plan("--alter-file=change.sql", "--alter=x")).isEqualTo(2);
    assertThat(plan("--alter-file=none.sql")).isEqualTo(2);
    assertThat(tool.err()).contains("--alter-file: none.sql cannot be read: it does not exist");
  }

  @Test
  void readsHowTheTableIsToBeCut() throws IOException {
    Files.writeString(folder.resolve("parts"), "# ours\n\nb DEFAULT\n a FOR VALUES IN (1, 2)\n");
    assertThat(
            plan(
                "--partition-by= LIST (a) ",
                "--partitions=hash:2, default",
                "--partitions=yearly:2020..2021",
                "--partitions-file=parts"))
        .isZero();
    ChangeRequest request = tool.database.requests.get(0);
    assertThat(request.alter()).isEmpty();
    assertThat(request.partitioning())
        .contains(
            new Partitioning(
                "LIST (a)",
                List.of(
                    "hash:2",
                    "default",
                    "yearly:2020..2021",
                    "b DEFAULT",
                    "a FOR VALUES IN (1, 2)")));
    assertThat(plan("--alter=", "--partitions=hash:2")).isEqualTo(2);
    assertThat(tool.err()).contains("--partition-by: is missing");
    assertThat(plan("--alter=", "--partition-by=HASH (a)")).isEqualTo(2);
    assertThat(tool.err()).contains("no partitions are given");
  }

  @Test
  void readsTheConfigFileOfTheDirectoryAndLetsTheCommandLineWin() throws IOException {
    Files.writeString(
        folder.resolve("zdm-osc.yaml"),
        "url: jdbc:fake:config\nuser: app\ntable: users\nalter: ADD COLUMN a int\nthreads: 8\n");
    assertThat(tool.run("plan")).isZero();
    assertThat(tool.run("plan", "--url=jdbc:fake:given", "--alter=")).isZero();

    assertThat(tool.database.connections)
        .extracting(connection -> connection.url() + " " + connection.user())
        .containsExactly("jdbc:fake:config app", "jdbc:fake:given app");
    assertThat(tool.database.requests)
        .extracting(request -> request.table() + " " + request.alter())
        .containsExactly("users ADD COLUMN a int", "users ");
  }

  @Test
  void readsTheConfigFileThatIsNamedInsteadOfTheOneOfTheDirectory() throws IOException {
    Files.writeString(folder.resolve("zdm-osc.yaml"), "nonsense: 1\n");
    Files.writeString(folder.resolve("other.yaml"), "url: jdbc:fake:other\ntable: t\nalter: ''\n");
    assertThat(tool.run("plan", "--config=other.yaml")).isZero();
    assertThat(tool.run("plan")).isEqualTo(2);
    assertThat(tool.err()).contains("nonsense in zdm-osc.yaml: is not an option");
  }

  @Test
  void namesBadValuesOfTheConfigFile() throws IOException {
    Files.writeString(
        folder.resolve("zdm-osc.yaml"), "max-lag: soon\npassword: s3cret\ndry-run: perhaps\n");
    assertThat(tool.run("run", "--url=jdbc:fake:x", "--table=t", "--alter=")).isEqualTo(2);
    assertThat(tool.err())
        .contains("max-lag in zdm-osc.yaml: 'soon' is not a duration")
        .contains("password in zdm-osc.yaml: a config file must not hold a password")
        .contains("dry-run in zdm-osc.yaml: 'perhaps' is not one of the choices")
        .doesNotContain("s3cret");
  }

  @Test
  void asksForAPasswordWhenTheServerWantsOne() {
    tool.database.password = "typed";
    assertThat(plan("--alter=")).isEqualTo(2);
    assertThat(tool.err()).contains("password authentication failed");

    tool.typed = "typed";
    assertThat(plan("--alter=")).isZero();
    assertThat(tool.out() + tool.err()).doesNotContain("typed");
  }

  @Test
  void doesNotAskAgainWhenTheGivenPasswordIsWrong() throws IOException {
    Files.writeString(folder.resolve("pw"), "wrong\n");
    tool.database.password = "right";
    tool.typed = "right";
    assertThat(plan("--alter=", "--password-file=pw")).isEqualTo(2);
  }

  @Test
  void turnsErrorsIntoTheirExitStatus() {
    tool.database.planner =
        request -> {
          throw RefusedException.of("users", "has no key", "Add a primary key.");
        };
    assertThat(plan("--alter=")).isEqualTo(2);
    assertThat(tool.err())
        .isEqualTo(
            "Refused:\n  users: has no key\n      Add a primary key.\nNothing was touched.\n");

    tool.database.planner =
        request -> {
          throw new MigrationFailedException("it broke", "All is as it was.", "try again.");
        };
    assertThat(plan("--alter=")).isEqualTo(3);
    assertThat(tool.err()).isEqualTo("Failed: it broke\nAll is as it was.\nNext: try again.\n");
    assertThat(plan("--alter=", "--output=json")).isEqualTo(3);
    assertThat(tool.out()).contains("\"event\":\"error\"", "\"exit_code\":3", "it broke");
    assertThat(tool.err()).isEmpty();
    assertThat(tool.database.open).isZero();
  }

  @Test
  void callsABugABug() throws IOException {
    tool.database.planner =
        request -> {
          throw new IllegalStateException("oops");
        };
    assertThat(plan("--alter=", "--log-file=log")).isEqualTo(1);
    assertThat(tool.err()).contains("Internal error", "oops", "zdm-osc cleanup");
    assertThat(Files.readString(folder.resolve("log"))).contains("IllegalStateException: oops");
  }

  @Test
  void endsByItselfOnAnErrorThatNobodyIsPreparedFor() {
    tool.database.planner =
        request -> {
          throw new NoClassDefFoundError("gone");
        };
    assertThat(plan("--alter=")).isEqualTo(1);
    assertThat(tool.err()).contains("Internal error", "NoClassDefFoundError: gone");
  }

  @Test
  void refusesALogFileThatCannotBeWritten() {
    assertThat(plan("--alter=", "--log-file=none/log")).isEqualTo(2);
    assertThat(tool.err()).contains("--log-file:", "cannot be written");
  }

  @Test
  void refusesAUrlThatNoConnectorServes() {
    assertThat(tool.run("plan", "--url=jdbc:oracle:x", "--table=t", "--alter=")).isEqualTo(2);
    assertThat(tool.err()).contains("jdbc:oracle:x: no such database is supported");
  }

  @Test
  void connectsByTheEnvironmentAlone() {
    tool.environment.putAll(Map.of("PGHOST", "db", "PGDATABASE", "shop"));
    assertThat(tool.run("plan", "--table=t", "--alter=")).isEqualTo(2);
    assertThat(tool.err()).contains("jdbc:postgresql://db:5432/shop: no such database");
  }

  private int plan(String... more) {
    return tool.run(
        Stream.concat(Stream.of("plan", "--url=jdbc:fake:x", "--table=users"), Stream.of(more))
            .toArray(String[]::new));
  }
}
