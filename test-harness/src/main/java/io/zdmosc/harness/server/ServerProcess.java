package io.zdmosc.harness.server;

import static java.util.Objects.requireNonNull;

import io.zdmosc.cli.server.Folders;
import io.zdmosc.cli.server.ServerException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server that is a child process of this JVM, in a folder of its own. The folder is deleted, and
 * the process ended, by {@link #close()} or when the JVM ends. For one thread at a time.
 */
public final class ServerProcess implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Program program;
  private final String name;
  private final Path folder;
  private final Thread closeAtExit;
  private Process process;

  /**
   * Starts nothing yet.
   *
   * @param name product and version, for messages
   * @param folder the server's; it is deleted in the end
   */
  public ServerProcess(String name, Path folder, Program program) {
    this.name = requireNonNull(name, "name is null");
    this.folder = requireNonNull(folder, "folder is null");
    this.program = requireNonNull(program, "program is null");
    this.closeAtExit = new Thread(this::endAndDelete, "close " + name);
    Runtime.getRuntime().addShutdownHook(closeAtExit);
  }

  /** What is run. */
  public interface Program {
    /** Starts the process, which writes its log into the file. */
    Process launch(Path log);

    /** Connects to the running server. */
    Connection connect() throws SQLException;

    /** Ends the running process at once. */
    void kill(Process process);
  }

  /** An empty folder for a server; below {@code -Dzdm.pg.data}, else the temporary folder. */
  public static Path newFolder() {
    try {
      String parent = System.getProperty("zdm.pg.data", System.getProperty("java.io.tmpdir"));
      return Files.createTempDirectory(Path.of(parent), "zdm-osc-server");
    } catch (IOException e) {
      throw new ServerException("cannot make a folder for a server", e);
    }
  }

  public Path folder() {
    return folder;
  }

  /** What the server has logged. */
  public Path logFile() {
    return folder.resolve("server.log");
  }

  public boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** The running or last process. */
  public Process process() {
    return process;
  }

  /** Starts the process and returns when it answers. */
  public void start() {
    if (isAlive()) {
      throw new IllegalStateException(name + " runs already");
    }
    process = program.launch(logFile());
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try (Connection connection = program.connect()) {
        if (connection.isValid(5)) {
          return;
        }
      } catch (SQLException e) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new ServerException(name + " did not start:\n" + tail(logFile()), e);
        }
      }
      pauseMillis(20);
    }
  }

  /** Waits until the process has ended, and loses patience after a minute. */
  public void awaitEnd() {
    try {
      if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the process at once, if it runs. */
  public void kill() {
    if (isAlive()) {
      program.kill(process);
      awaitEnd();
    }
  }

  /** Ends the process at once and deletes the folder. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(closeAtExit);
    } catch (IllegalStateException e) {
      return; // The JVM ends, and the hook does the work.
    }
    endAndDelete();
  }

  private void endAndDelete() {
    kill();
    try {
      Folders.delete(folder);
    } catch (IOException e) {
      throw new ServerException("cannot delete " + folder, e);
    }
  }

  /** The end of a log file, for messages. */
  public static String tail(Path log) {
    try {
      List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    } catch (IOException e) {
      return "(no log: " + e + ")";
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
