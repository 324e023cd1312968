package io.zdmosc.harness.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The application: sysbench's oltp_write_only by random key, every transaction logged. */
final class SysbenchLoad implements Application {
  private static final String SCRIPT = "logged_write_only.lua";

  private final Path folder;
  private final Process process;

  /**
   * @param clients connections
   * @param rate transactions per second; 0 for as many as the machine takes
   */
  SysbenchLoad(MySqlBenchmarkServer server, long rows, int clients, int rate) throws IOException {
    folder = Files.createTempDirectory(server.folder(), "load");
    Path script = folder.resolve(SCRIPT);
    try (InputStream text = SysbenchLoad.class.getResourceAsStream(SCRIPT)) {
      Files.copy(text, script);
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                "sysbench",
                script.toString(),
                "--db-driver=mysql",
                "--mysql-host=127.0.0.1",
                "--mysql-port=" + server.port(),
                "--mysql-user=" + server.user(),
                "--mysql-password=" + server.password(),
                "--mysql-db=" + MySqlBenchmarkServer.DATABASE,
                "--tables=1",
                "--table-size=" + rows,
                "--rand-type=uniform",
                // deadlocks, and the error that others' swaps show to an application
                "--mysql-ignore-errors=1213,1020,1205,1146",
                "--threads=" + clients,
                "--time=36000",
                "--log-folder=" + folder));
    if (rate > 0) {
      command.add("--rate=" + rate);
    }
    command.add("run");
    process = Shell.start(Map.of(), command, folder, folder.resolve("out").toFile());
  }

  @Override
  public boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public String output() throws IOException {
    return Files.readString(folder.resolve("out"));
  }

  @Override
  public LoadFigures figures(long from, long to) throws IOException {
    LoadFigures.Collector collector = new LoadFigures.Collector(from, to);
    try (DirectoryStream<Path> logs = Files.newDirectoryStream(folder, "transactions.*")) {
      for (Path log : logs) {
        try (Stream<String> lines = Files.lines(log)) {
          for (String line : (Iterable<String>) lines::iterator) {
            int space = line.indexOf(' ');
            if (space < 0 || space == line.length() - 1) {
              continue; // the last line, cut when the program was ended
            }
            long end = Long.parseLong(line.substring(0, space));
            if (line.endsWith("E")) {
              collector.addError(end);
              continue;
            }
            collector.add(end, Long.parseLong(line.substring(space + 1)));
          }
        }
      }
    }
    return collector.figures();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
