package io.zdmosc.harness.server;

import io.zdmosc.cli.server.ServerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A server that is a child process of this JVM. Its methods are for one thread at a time. */
public final class EmbeddedPostgresServer implements PostgresServer {

  private final int major;
  private final int port;
  private final ServerPrograms programs;
  private final ServerProcess process;
  private final Set<Long> paused = ConcurrentHashMap.newKeySet();

  private EmbeddedPostgresServer(int major, int port, Path folder, ServerPrograms programs) {
    this.major = major;
    this.port = port;
    this.programs = programs;
    this.process = new ServerProcess("PostgreSQL " + major, folder, new Postgres(folder));
  }

  static EmbeddedPostgresServer start(ServerSpec spec) {
    ServerPrograms programs = new ServerPrograms(PostgresBinaries.of(spec.major()));
    Path folder = ServerProcess.newFolder();
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
    return process.folder().resolve("data");
  }

  ServerPrograms programs() {
    return programs;
  }

  /** What the server has logged. */
  public Path logFile() {
    return process.logFile();
  }

  /** Process id of the postmaster. */
  public long pid() {
    return process.process().pid();
  }

  @Override
  public void startAgain() {
    process.start();
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
    if (process.isAlive()) {
      signalEnd(dataFolder(), mode);
      process.awaitEnd();
    }
  }

  private void signalEnd(Path data, String mode) {
    // A frozen process would not answer the postmaster.
    paused.forEach(this::resumeBackend);
    programs.run("pg_ctl", "stop", "-D", data.toString(), "-m", mode, "-W");
  }

  @Override
  public void pauseBackend(long pid) {
    Signals.send("STOP", pid);
    paused.add(pid);
  }

  @Override
  public void resumeBackend(long pid) {
    paused.remove(pid);
    if (ProcessHandle.of(pid).isPresent()) {
      Signals.send("CONT", pid);
    }
  }

  @Override
  public void close() {
    process.close();
  }

  /** The postmaster. */
  private final class Postgres implements ServerProcess.Program {
    private final Path data;

    Postgres(Path folder) {
      this.data = folder.resolve("data");
    }

    @Override
    public Process launch(Path log) {
      return programs.launch(log, "postgres", "-D", data.toString());
    }

    @Override
    public Connection connect() throws SQLException {
      return EmbeddedPostgresServer.this.connect();
    }

    @Override
    public void kill(Process postmaster) {
      signalEnd(data, "immediate");
    }
  }
}
