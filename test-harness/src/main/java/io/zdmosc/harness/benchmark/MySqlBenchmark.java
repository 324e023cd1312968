package io.zdmosc.harness.benchmark;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The benchmark command for MySQL and MariaDB; prints a Markdown table for each server, number of
 * rows and load.
 */
@Command(name = "mysql-benchmark", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class MySqlBenchmark implements Callable<Integer> {
  @Option(
      names = "--servers",
      split = ",",
      defaultValue = "mysql,mariadb",
      description = "mysql, mariadb.")
  List<String> servers;

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
      defaultValue = "ALTER_TABLE,PT_OSC,GH_OST,SPIRIT,ZDM_OSC",
      description = "Candidates: ${COMPLETION-CANDIDATES}.")
  List<MySqlCandidate> candidates;

  @Option(names = "--steady-rate", defaultValue = "150", description = "Transactions per second.")
  int steadyRate;

  @Option(names = "--clients", defaultValue = "8", description = "Connections of the load.")
  int clients;

  @Option(names = "--buffer-pool", defaultValue = "8G", description = "The servers' memory.")
  String bufferPool;

  @Option(names = "--tool", defaultValue = "./zdm-osc", description = "The launcher.")
  Path tool;

  @Option(
      names = "--tool-options",
      split = " ",
      defaultValue = "",
      description = "Further options for zdm-osc.")
  List<String> toolOptions;

  @Option(
      names = "--patience",
      defaultValue = "1800",
      description = "Seconds after which a candidate is ended.")
  long patience;

  @Option(names = "--repeat", defaultValue = "1", description = "How often each is run.")
  int repeat;

  private boolean failed;

  public static void main(String[] arguments) {
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
    System.exit(new CommandLine(new MySqlBenchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException, SQLException {
    for (String name : servers) {
      MySqlRelease release = name.equals("mysql") ? MySqlRelease.MYSQL : MySqlRelease.MARIADB;
      try (MySqlBenchmarkServer server = new MySqlBenchmarkServer(release, bufferPool)) {
        for (long count : rows) {
          server.fill(count);
          for (String load : loads) {
            measure(release, server, count, load);
          }
        }
      }
    }
    return failed ? 1 : 0;
  }

  private void measure(MySqlRelease release, MySqlBenchmarkServer server, long count, String load)
      throws InterruptedException {
    System.out.printf(Locale.ROOT, "%n### %s, %,d rows, %s%n%n", release, count, load);
    System.out.println(Measurement.head());
    double baseline = Double.NaN;
    for (MySqlCandidate candidate : candidates) {
      for (int i = 0; i < repeat; i++) {
        Measurement measurement;
        try {
          measurement = run(server, count, load, candidate);
        } catch (IOException | SQLException e) {
          failed = true;
          System.out.println("| " + candidate.title() + " | failed | | | | | | | | | | | | |");
          System.err.println(candidate.title() + " failed: " + e.getMessage());
          break;
        }
        if (candidate == MySqlCandidate.ALTER_TABLE && i == 0) {
          baseline = measurement.seconds();
        }
        System.out.println(measurement.row(candidate.title(), baseline));
      }
    }
  }

  private Measurement run(
      MySqlBenchmarkServer server, long count, String load, MySqlCandidate candidate)
      throws IOException, InterruptedException, SQLException {
    server.reset();
    MySqlTools tools =
        new MySqlTools(
            tool,
            toolOptions.stream().filter(option -> !option.isEmpty()).toList(),
            Duration.ofSeconds(patience));
    if (load.equals("idle")) {
      return Measurement.idle(() -> candidate.run(server, tools));
    }
    int rate = load.equals("steady") ? steadyRate : 0;
    return Measurement.under(
        () -> new SysbenchLoad(server, count, clients, rate), () -> candidate.run(server, tools));
  }
}
