package io.zdmosc.harness.server;

import io.zdmosc.cli.server.Commands;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
      Commands.run(List.of("chown", "-R", NOBODY + ":" + NOBODY, folder.toString()));
    }
  }

  /** Runs a program to its end, and fails with its output if that is not a success. */
  void run(String program, String... arguments) {
    Commands.run(command(program, arguments));
  }

  /** Starts a program whose output goes to a file. */
  Process launch(Path log, String program, String... arguments) {
    return Commands.launch(log, command(program, arguments));
  }

  private List<String> command(String program, String... arguments) {
    List<String> command = new ArrayList<>(Identity.PREFIX);
    command.add(binaries.program(program).toString());
    command.addAll(List.of(arguments));
    return command;
  }

  /** How to stop being root; found out once per JVM. */
  private static final class Identity {

    static final List<String> PREFIX = prefix();

    private static List<String> prefix() {
      if (!Commands.outcome(List.of("id", "-u")).output().strip().equals("0")) {
        return List.of();
      }
      List<String> namespace = List.of("unshare", "-U");
      Commands.Outcome inNamespace = Commands.outcome(List.of("unshare", "-U", "id", "-u"));
      if (inNamespace.status() == 0 && !inNamespace.output().strip().equals("0")) {
        return namespace;
      }
      return List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
    }
  }
}
