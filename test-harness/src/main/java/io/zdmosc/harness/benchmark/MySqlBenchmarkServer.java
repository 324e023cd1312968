package io.zdmosc.harness.benchmark;

import io.zdmosc.cli.server.Commands;
import io.zdmosc.cli.server.Folders;
import io.zdmosc.cli.server.Product;
import io.zdmosc.harness.server.mysql.EmbeddedMySqlServer;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.MySqlServer;
import io.zdmosc.harness.server.mysql.MySqlSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/**
 * A MySQL or MariaDB with durable settings. The filled data folder is kept, and each candidate gets
 * a fresh copy of it.
 */
final class MySqlBenchmarkServer implements AutoCloseable {
  static final String DATABASE = "bench";
  static final String TABLE = "sbtest1";

  private static final int STEP = 1_000_000;
  private static final Duration COPYING = Duration.ofMinutes(10);

  private final EmbeddedMySqlServer server;
  private final Path folder;

  /**
   * @param bufferPool such as 8G
   */
  MySqlBenchmarkServer(MySqlRelease release, String bufferPool) throws IOException {
    folder = Files.createTempDirectory("zdm-osc-benchmark");
    server = (EmbeddedMySqlServer) MySqlServer.start(spec(release, bufferPool));
  }

  /** Every commit reaches the disk, of the redo log and of the binary log. */
  private static MySqlSpec spec(MySqlRelease release, String bufferPool) {
    MySqlSpec spec =
        MySqlSpec.of(release)
            .withFsync()
            .with("innodb_buffer_pool_size", bufferPool)
            .with("innodb_io_capacity", "2000")
            .with("innodb_io_capacity_max", "4000");
    return release.product() == Product.MYSQL
        ? spec.with("innodb_redo_log_capacity", "2G")
        : spec.with("innodb_log_file_size", "2G");
  }

  String url() {
    return server.jdbcUrl(DATABASE);
  }

  String user() {
    return server.user();
  }

  String password() {
    return server.password();
  }

  int port() {
    return server.port();
  }

  /** Process id of the server, for a profiler. */
  long pid() {
    return server.pid();
  }

  /** For files of the benchmark; deleted in the end. */
  Path folder() {
    return folder;
  }

  /** Makes the table that every candidate gets a copy of. */
  void fill(long rows) throws SQLException, IOException {
    server.execute("DROP DATABASE IF EXISTS " + DATABASE, "CREATE DATABASE " + DATABASE);
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET SESSION sql_log_bin = 0");
      statement.execute("CREATE TABLE numbers (i INT PRIMARY KEY)");
      statement.execute(
          "INSERT INTO numbers WITH RECURSIVE n AS (SELECT 0 AS i UNION ALL SELECT i + 1 FROM n"
              + " WHERE i < 999) SELECT i FROM n");
      statement.execute(
          "CREATE TABLE "
              + TABLE
              + " (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, k INT NOT NULL DEFAULT 0,"
              + " c CHAR(120) NOT NULL DEFAULT '', pad CHAR(60) NOT NULL DEFAULT '')"
              + " DEFAULT CHARACTER SET latin1");
      for (long base = 0; base < rows; base += STEP) {
        statement.execute(insert(base, Math.min(STEP, rows - base), rows));
      }
      statement.execute("DROP TABLE numbers");
      statement.execute(
          "ALTER TABLE "
              + TABLE
              + " ADD KEY k_1 (k), ADD KEY c_1 (c(16)), ADD KEY pad_1 (pad(16))");
    }
    keepAsTemplate();
  }

  private static String insert(long base, long count, long rows) {
    String digits = "LPAD(FLOOR(RAND() * 1e11), 11, '0')";
    return "INSERT INTO "
        + TABLE
        + " (id, k, c, pad) SELECT "
        + base
        + " + a.i * 1000 + b.i + 1 AS id, 1 + FLOOR(RAND() * "
        + rows
        + "), CONCAT_WS('-'"
        + (", " + digits).repeat(10)
        + "), CONCAT_WS('-'"
        + (", " + digits).repeat(5)
        + ") FROM numbers AS a, numbers AS b WHERE a.i * 1000 + b.i < "
        + count
        + " ORDER BY 1";
  }

  private void keepAsTemplate() throws IOException {
    server.stop();
    Folders.delete(template());
    Files.move(server.dataFolder(), template());
    try (var logs = Files.newDirectoryStream(template(), "binlog.*")) {
      for (Path log : logs) {
        Files.delete(log);
      }
    }
  }

  private Path template() {
    return folder.resolve("template");
  }

  /** The server as it was after the table was filled, with the table in its memory. */
  void reset() throws SQLException, IOException {
    server.killImmediately();
    Folders.delete(server.dataFolder());
    Commands.run(
        List.of("cp", "-a", "--reflink=auto", template() + "", server.dataFolder() + ""), COPYING);
    Commands.run(List.of("sync", "-f", server.dataFolder() + ""), COPYING);
    server.startAgain();
    execute("ANALYZE TABLE " + TABLE);
    for (String index : List.of("PRIMARY", "k_1", "c_1", "pad_1")) {
      String column = index.equals("PRIMARY") ? "pad" : index.substring(0, index.indexOf('_'));
      execute(
          "SELECT COUNT(*) FROM "
              + TABLE
              + " FORCE INDEX ("
              + index
              + ") WHERE "
              + column
              + " > ''");
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(url(), user(), password());
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    Folders.delete(folder);
  }
}
