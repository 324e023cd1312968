package io.zdmosc.harness.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The benchmark command; prints a Markdown table for each number of rows and each load. */
@Command(name = "benchmark", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class Benchmark implements Callable<Integer> {
  @Option(names = "--rows", split = ",", defaultValue = "2000000", description = "Table sizes.")
  List<Long> rows;

  @Option(
      names = "--loads",
      split = ",",
      defaultValue = "idle,steady,saturating",
      description = "idle, steady, saturating.")
  List<String> loads;

  @Option(
      names = "--candidates",
      split = ",",
      defaultValue = "ALTER_TABLE,PG_REPACK,ZDM_OSC",
      description = "Candidates: ${COMPLETION-CANDIDATES}.")
  List<Candidate> candidates;

  @Option(names = "--steady-rate", defaultValue = "300", description = "Transactions per second.")
  int steadyRate;

  @Option(names = "--clients", defaultValue = "8", description = "Connections of the load.")
  int clients;

  @Option(
      names = "--programs",
      defaultValue = "/usr/lib/postgresql/15/bin",
      description = "Where postgres, pgbench and pg_repack are.")
  Path programs;

  @Option(names = "--tool", defaultValue = "./zdm-osc", description = "The launcher.")
  Path tool;

  @Option(names = "--port", defaultValue = "5477", description = "The server's port.")
  int port;

  @Option(names = "--repeat", defaultValue = "1", description = "How often each is run.")
  int repeat;

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Benchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException, SQLException {
    try (BenchmarkServer server = new BenchmarkServer(programs, port)) {
      for (long count : rows) {
        server.fill(count);
        for (String load : loads) {
          measure(server, count, load);
        }
      }
    }
    return 0;
  }

  private void measure(BenchmarkServer server, long count, String load)
      throws IOException, InterruptedException, SQLException {
    System.out.printf(Locale.ROOT, "%n### %,d rows, %s%n%n", count, load);
    System.out.println(Measurement.head());
    double baseline = Double.NaN;
    for (Candidate candidate : candidates) {
      for (int i = 0; i < repeat; i++) {
        Measurement measurement = run(server, count, load, candidate);
        if (candidate == Candidate.ALTER_TABLE && i == 0) {
          baseline = measurement.seconds();
        }
        System.out.println(measurement.row(candidate.title(), baseline));
      }
    }
  }

  private Measurement run(BenchmarkServer server, long count, String load, Candidate candidate)
      throws IOException, InterruptedException, SQLException {
    server.reset();
    if (load.equals("idle")) {
      return Measurement.idle(() -> candidate.run(server, tool));
    }
    int rate = load.equals("steady") ? steadyRate : 0;
    return Measurement.under(
        () -> new PgBenchLoad(server, count, clients, rate), () -> candidate.run(server, tool));
  }
}
