package io.zdmosc.harness.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A way to change the table on MySQL and MariaDB. */
enum MySqlCandidate {
  ALTER_TABLE("blocking ALTER TABLE") {
    @Override
    Outcome run(MySqlBenchmarkServer server, MySqlTools tools) throws SQLException {
      server.execute(
          "ALTER TABLE " + MySqlBenchmarkServer.TABLE + " " + CLAUSE + ", ALGORITHM = COPY");
      return Outcome.silent();
    }
  },
  PT_OSC("pt-online-schema-change") {
    @Override
    Outcome run(MySqlBenchmarkServer server, MySqlTools tools)
        throws IOException, InterruptedException {
      List<String> command =
          List.of(
              "pt-online-schema-change",
              "--execute",
              "--no-version-check",
              "--recursion-method=none",
              "--max-load=Threads_running=1000",
              "--critical-load=Threads_running=10000",
              "--alter",
              CLAUSE,
              "h=127.0.0.1,P="
                  + server.port()
                  + ",u="
                  + server.user()
                  + ",p="
                  + server.password()
                  + ",D="
                  + MySqlBenchmarkServer.DATABASE
                  + ",t="
                  + MySqlBenchmarkServer.TABLE);
      return silent(tools.run(command, Map.of()));
    }
  },
  GH_OST("gh-ost") {
    @Override
    Outcome run(MySqlBenchmarkServer server, MySqlTools tools)
        throws IOException, InterruptedException {
      List<String> command =
          List.of(
              tools.goProgram("gh-ost"),
              "--host=127.0.0.1",
              "--port=" + server.port(),
              "--user=" + server.user(),
              "--password=" + server.password(),
              "--database=" + MySqlBenchmarkServer.DATABASE,
              "--table=" + MySqlBenchmarkServer.TABLE,
              "--alter=" + CLAUSE,
              "--allow-on-master",
              "--assume-rbr",
              "--initially-drop-ghost-table",
              "--initially-drop-old-table",
              "--ok-to-drop-table",
              "--serve-socket-file=" + server.folder().resolve("gh-ost.sock"),
              "--execute");
      return silent(tools.run(command, Map.of()));
    }
  },
  SPIRIT("spirit") {
    @Override
    Outcome run(MySqlBenchmarkServer server, MySqlTools tools)
        throws IOException, InterruptedException {
      List<String> command =
          List.of(
              tools.goProgram("spirit"),
              "migrate",
              "--host=127.0.0.1:" + server.port(),
              "--username=" + server.user(),
              "--password=" + server.password(),
              "--database=" + MySqlBenchmarkServer.DATABASE,
              "--table=" + MySqlBenchmarkServer.TABLE,
              "--alter=" + CLAUSE);
      return silent(tools.run(command, Map.of()));
    }
  },
  ZDM_OSC("zdm-osc, verification included") {
    @Override
    Outcome run(MySqlBenchmarkServer server, MySqlTools tools)
        throws IOException, InterruptedException {
      Path gc = Files.createTempFile(server.folder(), "gc", ".log");
      List<String> command =
          new ArrayList<>(
              List.of(
                  tools.zdmOsc().toString(),
                  "run",
                  "--url",
                  server.url(),
                  "--user",
                  server.user(),
                  "--table",
                  MySqlBenchmarkServer.TABLE,
                  "--alter",
                  CLAUSE,
                  "--retire",
                  "drop",
                  "--output",
                  "json"));
      command.addAll(tools.more());
      Optional<String> output =
          tools.run(
              command,
              Map.of(
                  "MYSQL_PWD",
                  server.password(),
                  "ZDM_OSC_JAVA_OPTS",
                  "-Xmx512m -Xlog:gc:file=" + gc));
      return output.isEmpty() ? Outcome.unfinished() : Outcome.ofZdmOsc(output.get(), gc);
    }
  };

  static final String CLAUSE =
      "MODIFY id BIGINT NOT NULL AUTO_INCREMENT,"
          + " ADD COLUMN plan VARCHAR(20) NOT NULL DEFAULT 'free'";

  private final String title;

  MySqlCandidate(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  abstract Outcome run(MySqlBenchmarkServer server, MySqlTools tools)
      throws IOException, InterruptedException, SQLException;

  private static Outcome silent(Optional<String> output) {
    return output.isEmpty() ? Outcome.unfinished() : Outcome.silent();
  }
}
