package io.zdmosc.harness.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A way to change the table. */
enum Candidate {
  ALTER_TABLE("blocking ALTER TABLE") {
    @Override
    Outcome run(BenchmarkServer server, Path tool) throws SQLException {
      server.execute(BenchmarkServer.DATABASE, "ALTER TABLE bench " + CLAUSE);
      return Outcome.silent();
    }
  },
  PG_REPACK("pg_repack (rebuilds only)") {
    @Override
    Outcome run(BenchmarkServer server, Path tool) throws IOException, InterruptedException {
      Shell.run(
          server.environment(),
          List.of(
              server.programs().resolve("pg_repack").toString(),
              "-j",
              "2",
              "-t",
              "bench",
              BenchmarkServer.DATABASE));
      return Outcome.silent();
    }
  },
  ZDM_OSC("zdm-osc") {
    @Override
    Outcome run(BenchmarkServer server, Path tool) throws IOException, InterruptedException {
      Path gc = Files.createTempFile(server.folder(), "gc", ".log");
      Map<String, String> environment = new HashMap<>(server.environment());
      environment.put("ZDM_OSC_JAVA_OPTS", "-Xmx512m -Xlog:gc:file=" + gc);
      String output =
          Shell.run(
              environment,
              List.of(
                  tool.toString(),
                  "run",
                  "--url",
                  server.url(BenchmarkServer.DATABASE),
                  "--table",
                  "bench",
                  "--alter",
                  CLAUSE,
                  "--retire",
                  "drop",
                  "--output",
                  "json"));
      return Outcome.ofZdmOsc(output, gc);
    }
  };

  static final String CLAUSE =
      "ALTER COLUMN id TYPE bigint, ADD COLUMN plan text NOT NULL DEFAULT 'free'";

  private final String title;

  Candidate(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  abstract Outcome run(BenchmarkServer server, Path tool)
      throws IOException, InterruptedException, SQLException;
}
