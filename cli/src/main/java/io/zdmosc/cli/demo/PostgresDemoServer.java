package io.zdmosc.cli.demo;

import io.zdmosc.cli.server.CacheFolder;
import io.zdmosc.cli.server.Folders;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** A PostgreSQL, unpacked from a jar. */
final class PostgresDemoServer implements DemoServer {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final DemoFolder folder = DemoFolder.create();
  private EmbeddedPostgres postgres;
  private boolean closed;

  @Override
  public String title() {
    return "PostgreSQL";
  }

  @Override
  public DemoTable table() {
    return new PostgresDemoTable();
  }

  @Override
  public synchronized void start(CacheFolder cache, Consumer<String> notes) {
    if (closed) {
      throw new DemoException("the demo was stopped", "", null);
    }
    try {
      Folders.createPrivate(cache.root());
      postgres =
          EmbeddedPostgres.builder()
              // it makes its folder writable for all, which must not matter
              .setOverrideWorkingDirectory(cache.root().resolve("postgresql").toFile())
              .setDataDirectory(folder.data())
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

  @Override
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url(), USER, folder.password());
  }

  @Override
  public ConnectionSettings settings() {
    return new ConnectionSettings(url(), USER, folder.password(), Map.of());
  }

  private String url() {
    return "jdbc:postgresql://" + HOST + ":" + port() + "/" + DATABASE;
  }

  private synchronized int port() {
    if (postgres == null) {
      throw new IllegalStateException("the server is not started");
    }
    return postgres.getPort();
  }

  @Override
  public List<String> howToConnect() {
    return String.format(
            Locale.ROOT,
            """
            export PGPASSFILE=%s
            psql -h %s -p %d -U %s %s
            ./zdm-osc run --url %s --user %s \\
                --table users --alter 'ADD COLUMN note text'
            """,
            folder.path().resolve("pgpass"),
            HOST,
            port(),
            USER,
            DATABASE,
            url(),
            USER)
        .lines()
        .toList();
  }

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
    } catch (IOException e) {
      throw new DemoException(
          "the demo's server could not be stopped: " + e, "delete " + folder.path(), e);
    }
    folder.delete();
  }

  private void createDatabase() throws SQLException {
    String admin = "jdbc:postgresql://" + HOST + ":" + postgres.getPort() + "/postgres";
    try (Connection connection = DriverManager.getConnection(admin, "postgres", null);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE demo LOGIN REPLICATION PASSWORD '" + folder.password() + "'");
      statement.execute("CREATE DATABASE shop OWNER demo");
      allow(folder.data().toFile(), false);
      statement.execute("SELECT pg_reload_conf()");
    }
  }

  /** Who may log in. The administrator may until the role of the demo exists. */
  private static void allow(File data, boolean administrator) {
    String form = "host %s %s %s %s";
    List<String> lines = new ArrayList<>();
    lines.add(String.format(form, DATABASE, USER, HOST + "/32", "scram-sha-256"));
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
    folder.secret("pgpass", "*:*:" + DATABASE + ":" + USER + ":" + folder.password() + "\n");
  }

  private ProcessBuilder.Redirect toLog() {
    return ProcessBuilder.Redirect.appendTo(folder.log().toFile());
  }

  private static Throwable rootOf(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
