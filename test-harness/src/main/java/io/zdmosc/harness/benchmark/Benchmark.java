package io.zdmosc.harness.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The benchmark command; prints a Markdown table for each number of rows and each load. */
@Command(name = "benchmark", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class Benchmark implements Callable<Integer> {
  private static final int UNDISTURBED_SECONDS = 20;

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
    System.out.println(
        "| | seconds | to ALTER | tps before | tps during | lost | p50 ms | p99 | p99.9 | max |"
            + " cut-over ms | heap MB |");
    System.out.println("|---|---|---|---|---|---|---|---|---|---|---|---|");
    double baseline = Double.NaN;
    for (Candidate candidate : candidates) {
      for (int i = 0; i < repeat; i++) {
        Result result = run(server, count, load, candidate);
        if (candidate == Candidate.ALTER_TABLE && i == 0) {
          baseline = result.seconds();
        }
        System.out.println(result.row(candidate.title(), baseline));
      }
    }
  }

  private Result run(BenchmarkServer server, long count, String load, Candidate candidate)
      throws IOException, InterruptedException, SQLException {
    server.reset();
    if (load.equals("idle")) {
      long begin = System.nanoTime();
      Candidate.Outcome outcome = candidate.run(server, tool);
      return new Result((System.nanoTime() - begin) / 1e9, null, null, outcome);
    }
    int rate = load.equals("steady") ? steadyRate : 0;
    List<LoadFigures> figures = new ArrayList<>();
    double seconds;
    Candidate.Outcome outcome;
    PgBenchLoad application = new PgBenchLoad(server, count, clients, rate);
    long begin;
    long end;
    try (application) {
      Thread.sleep(5_000);
      begin = now();
      Thread.sleep(UNDISTURBED_SECONDS * 1_000L);
      end = now();
      outcome = candidate.run(server, tool);
      seconds = (now() - end) / 1e6;
      Thread.sleep(1_000);
      if (!application.isAlive()) {
        throw new IOException("the load ended early:\n" + application.output());
      }
    }
    figures.add(application.figures(begin, end));
    figures.add(application.figures(end, end + Math.round(seconds * 1e6)));
    return new Result(seconds, figures.get(0), figures.get(1), outcome);
  }

  private static long now() {
    return System.currentTimeMillis() * 1_000;
  }

  /** One line of the table. */
  private record Result(
      double seconds, LoadFigures before, LoadFigures during, Candidate.Outcome outcome) {
    String row(String title, double baseline) {
      String load = "| | | | | | | ";
      if (before != null) {
        double lost = before.perSecond() * seconds - during.sortedMicros().length;
        load =
            String.format(
                Locale.ROOT,
                "| %.0f | %.0f | %.0f | %.1f | %.1f | %.1f | %.0f ",
                before.perSecond(),
                during.perSecond(),
                lost,
                during.millis(50),
                during.millis(99),
                during.millis(99.9),
                during.maxMillis());
      }
      return String.format(
          Locale.ROOT,
          "| %s | %.1f | %s %s| %s | %s |",
          title,
          seconds,
          Double.isNaN(baseline) ? "" : String.format(Locale.ROOT, "%.2f", seconds / baseline),
          load,
          number(outcome.stallMillis()),
          number(outcome.peakHeapMegabytes()));
    }

    private static String number(double value) {
      return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.0f", value);
    }
  }
}
