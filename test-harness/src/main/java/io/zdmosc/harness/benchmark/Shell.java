package io.zdmosc.harness.benchmark;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs other programs. */
final class Shell {
  private Shell() {}

  /** Runs it to its end and returns what it printed; throws when it failed. */
  static String run(Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    Process process = builder(environment, command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    if (status != 0) {
      throw new IOException(command + " ended with status " + status + ":\n" + output);
    }
    return output;
  }

  /** Starts it in the background, its output to a file. */
  static Process start(Map<String, String> environment, List<String> command, Path folder, File log)
      throws IOException {
    return builder(environment, command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(log)
        .start();
  }

  /** A server refuses to run as root; then it is run as the user postgres. */
  static List<String> asServerUser(List<String> command) {
    if (!"root".equals(System.getProperty("user.name"))) {
      return command;
    }
    List<String> wrapped =
        new ArrayList<>(
            List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
    wrapped.addAll(command);
    return wrapped;
  }

  private static ProcessBuilder builder(Map<String, String> environment, List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return builder;
  }
}
