package io.zdmosc.harness.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A server that is a child process of this JVM. Its methods are for one thread at a time. */
public final class EmbeddedPostgresServer implements PostgresServer {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final int major;
  private final int port;
  private final Path folder;
  private final ServerPrograms programs;
  private final Set<Long> paused = ConcurrentHashMap.newKeySet();
  private final Thread closeAtExit;
  private Process process;

  private EmbeddedPostgresServer(int major, int port, Path folder, ServerPrograms programs) {
    this.major = major;
    this.port = port;
    this.folder = folder;
    this.programs = programs;
    this.closeAtExit = new Thread(this::stopAndDelete, "close PostgreSQL " + major);
    Runtime.getRuntime().addShutdownHook(closeAtExit);
  }

  static EmbeddedPostgresServer start(ServerSpec spec) {
    ServerPrograms programs = new ServerPrograms(PostgresBinaries.of(spec.major()));
    Path folder = newFolder();
    Path passwordFile = folder.resolve("password");
    try {
      Files.writeString(passwordFile, ServerSpec.PASSWORD + "\n");
      programs.handOver(folder);
      programs.run(
          "initdb",
          "--pgdata=" + folder.resolve("data"),
          "--username=" + ServerSpec.USER,
          "--pwfile=" + passwordFile,
          "--auth=scram-sha-256",
          "--encoding=UTF8",
          "--no-locale",
          "--no-sync");
      Files.delete(passwordFile);
    } catch (IOException e) {
      throw new ServerException("cannot prepare a data folder in " + folder, e);
    }
    return startOn(folder, spec.major(), programs, spec.settings());
  }

  /** Starts on a data folder that exists; for a standby. */
  static EmbeddedPostgresServer startOn(
      Path folder, int major, ServerPrograms programs, Map<String, String> settings) {
    int port = FreePort.find();
    List<String> lines = new ArrayList<>();
    lines.add("listen_addresses = '127.0.0.1'");
    lines.add("unix_socket_directories = ''");
    lines.add("port = " + port);
    settings.forEach((name, value) -> lines.add(name + " = '" + value.replace("'", "''") + "'"));
    try {
      Files.write(folder.resolve("data/postgresql.conf"), lines, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new ServerException("cannot configure the server in " + folder, e);
    }
    EmbeddedPostgresServer server = new EmbeddedPostgresServer(major, port, folder, programs);
    try {
      server.startAgain();
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
    return server;
  }

  /** An empty folder for a server; below {@code -Dzdm.pg.data}, else the temporary folder. */
  static Path newFolder() {
    try {
      String parent = System.getProperty("zdm.pg.data", System.getProperty("java.io.tmpdir"));
      return Files.createTempDirectory(Path.of(parent), "zdm-osc-server");
    } catch (IOException e) {
      throw new ServerException("cannot make a folder for a server", e);
    }
  }

  @Override
  public int major() {
    return major;
  }

  @Override
  public String kind() {
    return "embedded";
  }

  @Override
  public int port() {
    return port;
  }

  Path dataFolder() {
    return folder.resolve("data");
  }

  ServerPrograms programs() {
    return programs;
  }

  /** What the server has logged. */
  public Path logFile() {
    return folder.resolve("server.log");
  }

  /** Process id of the postmaster. */
  public long pid() {
    return process.pid();
  }

  @Override
  public void startAgain() {
    if (process != null && process.isAlive()) {
      throw new IllegalStateException("PostgreSQL " + major + " runs already");
    }
    process = programs.launch(logFile(), "postgres", "-D", dataFolder().toString());
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try (Connection connection = connect()) {
        if (connection.isValid(5)) {
          return;
        }
      } catch (SQLException e) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new ServerException(
              "PostgreSQL " + major + " did not start:\n" + ServerPrograms.tail(logFile()), e);
        }
      }
      pauseMillis(20);
    }
  }

  @Override
  public void stop() {
    shutDown("fast");
  }

  @Override
  public void killImmediately() {
    shutDown("immediate");
  }

  private void shutDown(String mode) {
    if (process == null || !process.isAlive()) {
      return;
    }
    // A frozen process would not answer the postmaster.
    paused.forEach(this::resumeBackend);
    programs.run("pg_ctl", "stop", "-D", dataFolder().toString(), "-m", mode, "-W");
    try {
      if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void pauseBackend(long pid) {
    ServerPrograms.signal("STOP", pid);
    paused.add(pid);
  }

  @Override
  public void resumeBackend(long pid) {
    paused.remove(pid);
    if (ProcessHandle.of(pid).isPresent()) {
      ServerPrograms.signal("CONT", pid);
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(closeAtExit);
    } catch (IllegalStateException e) {
      return; // The JVM ends, and the hook does the work.
    }
    stopAndDelete();
  }

  private void stopAndDelete() {
    killImmediately();
    try {
      Folders.delete(folder);
    } catch (IOException e) {
      throw new ServerException("cannot delete " + folder, e);
    }
  }

  private static void pauseMillis(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerException("interrupted while the server started", e);
    }
  }
}
