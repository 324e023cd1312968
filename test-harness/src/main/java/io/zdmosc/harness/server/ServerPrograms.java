package io.zdmosc.harness.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs the programs of one PostgreSQL. They refuse to run as root, so for root they run in a user
 * namespace without a mapping or, where the kernel forbids those, as the user "nobody".
 */
final class ServerPrograms {

  private static final String NOBODY = "65534";

  private final PostgresBinaries binaries;

  ServerPrograms(PostgresBinaries binaries) {
    this.binaries = binaries;
  }

  /** Lets the programs write into a folder that this process has made. */
  void handOver(Path folder) {
    if (Identity.PREFIX.contains("setpriv")) {
      exec(List.of("chown", "-R", NOBODY + ":" + NOBODY, folder.toString()));
    }
  }

  /** Runs a program to its end, and fails with its output if that is not a success. */
  void run(String program, String... arguments) {
    exec(command(program, arguments));
  }

  /** Starts a program whose output goes to a file. */
  Process launch(Path log, String program, String... arguments) {
    ProcessBuilder builder =
        new ProcessBuilder(command(program, arguments))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      return process;
    } catch (IOException e) {
      throw new ServerException("cannot start " + program, e);
    }
  }

  static void signal(String name, long pid) {
    exec(List.of("kill", "-" + name, Long.toString(pid)));
  }

  /** The end of a log file, for messages. */
  static String tail(Path log) {
    try {
      List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    } catch (IOException e) {
      return "(no log: " + e + ")";
    }
  }

  private List<String> command(String program, String... arguments) {
    List<String> command = new ArrayList<>(Identity.PREFIX);
    command.add(binaries.program(program).toString());
    command.addAll(List.of(arguments));
    return command;
  }

  private static void exec(List<String> command) {
    Outcome outcome = Outcome.of(command);
    if (outcome.status() != 0) {
      throw new ServerException(
          String.join(" ", command) + " ended with " + outcome.status() + ":\n" + outcome.output());
    }
  }

  private record Outcome(int status, String output) {

    static Outcome of(List<String> command) {
      try {
        Path output = Files.createTempFile("zdm-osc", ".out");
        try {
          Process process =
              new ProcessBuilder(command)
                  .redirectErrorStream(true)
                  .redirectOutput(output.toFile())
                  .start();
          process.getOutputStream().close();
          if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new ServerException(command + " did not end");
          }
          return new Outcome(process.exitValue(), Files.readString(output));
        } finally {
          Files.delete(output);
        }
      } catch (IOException e) {
        return new Outcome(-1, e.toString());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ServerException("interrupted while running " + command, e);
      }
    }
  }

  /** How to stop being root; found out once per JVM. */
  private static final class Identity {

    static final List<String> PREFIX = prefix();

    private static List<String> prefix() {
      if (!Outcome.of(List.of("id", "-u")).output().strip().equals("0")) {
        return List.of();
      }
      List<String> namespace = List.of("unshare", "-U");
      Outcome inNamespace = Outcome.of(List.of("unshare", "-U", "id", "-u"));
      if (inNamespace.status() == 0 && !inNamespace.output().strip().equals("0")) {
        return namespace;
      }
      return List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
    }
  }
}
