package io.zdmosc.harness.benchmark;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs other programs. */
final class Shell {
  private Shell() {}

  /** Runs it to its end and returns what it printed; throws when it failed. */
  static String run(Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    return run(environment, command, Duration.ofDays(1)).orElseThrow();
  }

  /**
   * The same, but ends it when it takes too long.
   *
   * @return what it printed; nothing when it was ended
   */
  static Optional<String> run(
      Map<String, String> environment, List<String> command, Duration patience)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("zdm-osc-benchmark", ".out");
    try {
      Process process =
          builder(environment, command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      process.getOutputStream().close();
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
        return Optional.empty();
      }
      if (process.exitValue() != 0) {
        throw new IOException(
            command
                + " ended with status "
                + process.exitValue()
                + ":\n"
                + Files.readString(output, StandardCharsets.UTF_8));
      }
      return Optional.of(Files.readString(output, StandardCharsets.UTF_8));
    } finally {
      Files.delete(output);
    }
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
