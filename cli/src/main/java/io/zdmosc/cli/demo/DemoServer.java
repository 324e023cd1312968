package io.zdmosc.cli.demo;

import io.zdmosc.engine.spi.ConnectionSettings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A PostgreSQL of the demo's own, on a free port of the loopback interface, with its data in a
 * temporary folder. Only the demo's role can log in, by a password of the moment. Thread-safe.
 */
final class DemoServer implements AutoCloseable {
  static final String DATABASE = "shop";
  static final String ROLE = "demo";

  private static final String HOST = "127.0.0.1";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final String password = newPassword();
  private EmbeddedPostgres postgres;
  private boolean closed;

  private DemoServer(Path folder) {
    this.folder = folder;
  }

  /** A server that is still to be started. */
  static DemoServer create() {
    try {
      return new DemoServer(Files.createTempDirectory("zdm-osc-demo-"));
    } catch (IOException e) {
      throw new DemoException("cannot make a temporary folder: " + e, "", e);
    }
  }

  /** Unpacks the server's programs if that was never done, and starts it. */
  synchronized void start(Path cache) {
    if (closed) {
      throw new DemoException("the demo was stopped", "", null);
    }
    try {
      Folders.createPrivate(cache);
      postgres =
          EmbeddedPostgres.builder()
              // it makes its folder writable for all, which must not matter
              .setOverrideWorkingDirectory(cache.resolve("postgresql").toFile())
              .setDataDirectory(folder.resolve("data"))
              .setDataDirectoryCustomizer(data -> allow(data, true))
              .setCleanDataDirectory(true)
              .setRegisterShutdownHook(false)
              .setPGStartupWait(PATIENCE)
              .setServerConfig("wal_level", "logical")
              .setServerConfig("listen_addresses", HOST + ",localhost")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("max_connections", "100")
              .setServerConfig("max_wal_size", "2GB")
              .setServerConfig("unix_socket_directories", "")
              .setOutputRedirector(toLog())
              .setErrorRedirector(toLog())
              .start();
      createDatabase();
      writePasswordFile();
    } catch (IOException | SQLException | RuntimeException e) {
      close();
      throw new DemoException(
          "the demo's PostgreSQL did not start: " + rootOf(e),
          "try it as an ordinary user, with some disk space for temporary files.",
          e);
    }
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url(), ROLE, password);
  }

  ConnectionSettings settings() {
    return new ConnectionSettings(url(), ROLE, password, Map.of());
  }

  String url() {
    return "jdbc:postgresql://" + HOST + ":" + port() + "/" + DATABASE;
  }

  static String host() {
    return HOST;
  }

  synchronized int port() {
    if (postgres == null) {
      throw new IllegalStateException("the server is not started");
    }
    return postgres.getPort();
  }

  /** A file in libpq's form that holds the password. */
  Path passwordFile() {
    return folder.resolve("pgpass");
  }

  /** Stops the server and deletes its data. Waits for a start that is under way. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (postgres != null) {
        postgres.close();
      }
      Folders.delete(folder);
    } catch (IOException e) {
      throw new DemoException(
          "the demo's server could not be removed: " + e, "delete " + folder, e);
    }
  }

  private void createDatabase() throws SQLException {
    String admin = "jdbc:postgresql://" + HOST + ":" + postgres.getPort() + "/postgres";
    try (Connection connection = DriverManager.getConnection(admin, "postgres", null);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE demo LOGIN REPLICATION PASSWORD '" + password + "'");
      statement.execute("CREATE DATABASE shop OWNER demo");
      allow(folder.resolve("data").toFile(), false);
      statement.execute("SELECT pg_reload_conf()");
    }
  }

  /** Who may log in. The administrator may until the role of the demo exists. */
  private static void allow(File data, boolean administrator) {
    String form = "host %s %s %s %s";
    List<String> lines = new ArrayList<>();
    lines.add(String.format(form, DATABASE, ROLE, HOST + "/32", "scram-sha-256"));
    if (administrator) {
      lines.add(String.format(form, "all", "postgres", "127.0.0.1/32", "trust"));
      lines.add(String.format(form, "all", "postgres", "::1/128", "trust"));
    }
    try {
      Files.write(data.toPath().resolve("pg_hba.conf"), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void writePasswordFile() throws IOException {
    Files.writeString(passwordFile(), "*:*:" + DATABASE + ":" + ROLE + ":" + password + "\n");
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(passwordFile(), PosixFilePermissions.fromString("rw-------"));
    }
  }

  private ProcessBuilder.Redirect toLog() {
    return ProcessBuilder.Redirect.appendTo(folder.resolve("server.log").toFile());
  }

  private static String newPassword() {
    byte[] bytes = new byte[16];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static Throwable rootOf(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
