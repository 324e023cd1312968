package io.zdmosc.harness.benchmark;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The application: pgbench with updates, inserts, deletes and reads, every transaction logged. */
final class PgBenchLoad implements Application {
  private final Path folder;
  private final Process process;

  /**
   * @param clients connections
   * @param rate transactions per second; 0 for as many as the machine takes
   */
  PgBenchLoad(BenchmarkServer server, long rows, int clients, int rate) throws IOException {
    folder = Files.createTempDirectory(server.folder(), "load");
    script(
        "update.sql",
        "\\set id random(1, "
            + rows
            + ")\nUPDATE bench SET amount = amount + 1,"
            + " updated = now() WHERE id = :id;\n");
    script(
        "insert.sql",
        "\\set c random(1, 1000000)\nINSERT INTO bench (customer, status, amount,"
            + " email, created) VALUES (:c, 1, 1, 'new' || :c, now());\n");
    script("delete.sql", "\\set id random(1, " + rows + ")\nDELETE FROM bench WHERE id = :id;\n");
    script("read.sql", "\\set id random(1, " + rows + ")\nSELECT * FROM bench WHERE id = :id;\n");
    List<String> command =
        new ArrayList<>(
            List.of(
                server.programs().resolve("pgbench").toString(),
                "-n",
                "-T",
                "36000",
                "-l",
                "-c",
                String.valueOf(clients),
                "-j",
                "1",
                "-f",
                "update.sql@65",
                "-f",
                "insert.sql@10",
                "-f",
                "delete.sql@5",
                "-f",
                "read.sql@20"));
    if (rate > 0) {
      command.addAll(List.of("-R", String.valueOf(rate)));
    }
    command.add(BenchmarkServer.DATABASE);
    process = Shell.start(server.environment(), command, folder, folder.resolve("out").toFile());
  }

  private void script(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
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
    try (DirectoryStream<Path> logs = Files.newDirectoryStream(folder, "pgbench_log.*")) {
      for (Path log : logs) {
        try (Stream<String> lines = Files.lines(log)) {
          for (String line : (Iterable<String>) lines::iterator) {
            String[] parts = line.split(" ");
            if (parts.length < 6 || parts[2].equals("skipped")) {
              continue;
            }
            long end = Long.parseLong(parts[4]) * 1_000_000 + Long.parseLong(parts[5]);
            collector.add(end, Long.parseLong(parts[2]));
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
