package io.zdmosc.harness.server;

import io.zdmosc.cli.server.Commands;
import io.zdmosc.cli.server.ServerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Sends signals to processes; not on Windows. */
public final class Signals {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private Signals() {}

  /** Sends a signal, such as STOP, to a process. */
  public static void send(String name, long pid) {
    Commands.run(List.of("kill", "-" + name, Long.toString(pid)));
  }

  /**
   * Stops a process where it stands until a signal CONT. A signal only asks for it: on Linux this
   * returns when all threads have stopped.
   */
  public static void freeze(long pid) {
    send("STOP", pid);
    Path threads = Path.of("/proc", Long.toString(pid), "task");
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (Files.isDirectory(threads) && !allStopped(threads)) {
      if (System.nanoTime() - until > 0) {
        throw new ServerException("process " + pid + " does not stop");
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static boolean allStopped(Path threads) {
    try (Stream<Path> all = Files.list(threads)) {
      for (Path thread : all.toList()) {
        String line = Files.readString(thread.resolve("stat"));
        // behind the name, which may hold anything, comes the state
        if (!line.startsWith("T", line.lastIndexOf(')') + 2)) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      return false; // a thread that has ended meanwhile
    }
  }
}
