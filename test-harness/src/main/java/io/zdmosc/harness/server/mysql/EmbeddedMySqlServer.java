package io.zdmosc.harness.server.mysql;

import io.zdmosc.cli.server.Commands;
import io.zdmosc.cli.server.DataFolder;
import io.zdmosc.cli.server.MySqlProgram;
import io.zdmosc.cli.server.ServerException;
import io.zdmosc.harness.server.FreePort;
import io.zdmosc.harness.server.ServerProcess;
import io.zdmosc.harness.server.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A server that is a child process of this JVM. Its methods are for one thread at a time. */
public final class EmbeddedMySqlServer implements MySqlServer {

  private final MySqlSpec spec;
  private final int port;
  private final ServerProcess process;

  private EmbeddedMySqlServer(MySqlSpec spec, int port, MySqlProgram program, Path folder) {
    this.spec = spec;
    this.port = port;
    this.process =
        new ServerProcess(spec.release().toString(), folder, new Server(program, folder));
  }

  static EmbeddedMySqlServer start(MySqlSpec spec) {
    if (!spec.release().embeddable()) {
      throw new ServerException(spec.release() + " needs Docker");
    }
    MySqlProgram program = Programs.of(spec.release().product());
    Path folder = ServerProcess.newFolder();
    MySqlProgram started = spec.hasKeyring() ? Keyring.in(folder, program) : program;
    EmbeddedMySqlServer server = new EmbeddedMySqlServer(spec, FreePort.find(), started, folder);
    try {
      String lowerCase = spec.settings().getOrDefault(MySqlSpec.LOWER_CASE_TABLE_NAMES, "0");
      DataFolder.create(Programs.CACHE, program, folder.resolve("data"), lowerCase);
      Files.createDirectory(server.temporary());
      server.startAgain();
    } catch (IOException e) {
      server.close();
      throw new ServerException("cannot prepare " + folder, e);
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
    return server;
  }

  @Override
  public MySqlSpec spec() {
    return spec;
  }

  @Override
  public String kind() {
    return "embedded";
  }

  @Override
  public int port() {
    return port;
  }

  private Path temporary() {
    return process.folder().resolve("tmp");
  }

  /** Where its files lie; for who copies them while it is stopped. */
  public Path dataFolder() {
    return process.folder().resolve("data");
  }

  /** What the server has logged. */
  public Path logFile() {
    return process.logFile();
  }

  /** Process id of the server. */
  public long pid() {
    return process.process().pid();
  }

  @Override
  public void startAgain() {
    process.start();
  }

  @Override
  public void stop() {
    if (process.isAlive()) {
      resume();
      process.process().destroy();
      process.awaitEnd();
    }
  }

  @Override
  public void killImmediately() {
    process.kill();
  }

  @Override
  public void pause() {
    Signals.freeze(pid());
  }

  @Override
  public void resume() {
    Signals.send("CONT", pid());
  }

  @Override
  public void close() {
    process.close();
  }

  private final class Server implements ServerProcess.Program {
    private final MySqlProgram program;
    private final Path folder;

    Server(MySqlProgram program, Path folder) {
      this.program = program;
      this.folder = folder;
    }

    @Override
    public Process launch(Path log) {
      List<String> arguments =
          new ArrayList<>(
              List.of(
                  "--datadir=" + folder.resolve("data"),
                  "--bind-address=127.0.0.1",
                  "--port=" + port,
                  // Relative to the data folder: the path of a socket must be short.
                  "--socket=mysql.sock",
                  // Not that of the machine, where every MariaDB that starts tidies up.
                  "--tmpdir=" + temporary(),
                  "--pid-file=mysql.pid"));
      if (spec.settings().getOrDefault("ssl", "").equals("ON")) {
        Certificate certificate = Certificate.get();
        arguments.add("--ssl-key=" + certificate.key());
        arguments.add("--ssl-cert=" + certificate.certificate());
      }
      arguments.addAll(spec.arguments());
      return Commands.launch(log, program.with(arguments));
    }

    @Override
    public Connection connect() throws SQLException {
      return EmbeddedMySqlServer.this.connect();
    }

    @Override
    public void kill(Process server) {
      server.destroyForcibly();
    }
  }
}
