package io.zdmosc.cli.server;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs programs of the operating system. */
public final class Commands {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private Commands() {}

  /**
   * How a program ended.
   *
   * @param status its exit status; -1 if it could not be started
   * @param output what it wrote to standard output and error
   */
  public record Outcome(int status, String output) {}

  /** Runs a program to its end, for two minutes at most; returns also if it fails. */
  public static Outcome outcome(List<String> command) {
    return outcome(command, Map.of(), Optional.empty(), PATIENCE);
  }

  /** Runs a program to its end, for two minutes at most, and fails with its output if it fails. */
  public static String run(List<String> command) {
    return check(command, outcome(command));
  }

  /** Runs a program to its end, and fails with its output if that is not a success. */
  public static String run(List<String> command, Duration patience) {
    return run(command, Map.of(), patience);
  }

  /** The same, with more variables in its environment. */
  static String run(List<String> command, Map<String, String> environment, Duration patience) {
    return check(command, outcome(command, environment, Optional.empty(), patience));
  }

  /** The same, with standard input from a file. */
  public static String run(List<String> command, Path input) {
    return check(command, outcome(command, Map.of(), Optional.of(input), PATIENCE));
  }

  /** Starts a program whose output is appended to a file. */
  public static Process launch(Path log, List<String> command) {
    requireNonNull(log, "log is null");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      return process;
    } catch (IOException e) {
      throw new ServerException("cannot start " + String.join(" ", command), e);
    }
  }

  private static String check(List<String> command, Outcome outcome) {
    if (outcome.status() != 0) {
      throw new ServerException(
          String.join(" ", command) + " ended with " + outcome.status() + ":\n" + outcome.output());
    }
    return outcome.output();
  }

  private static Outcome outcome(
      List<String> command,
      Map<String, String> environment,
      Optional<Path> input,
      Duration patience) {
    try {
      Path output = Files.createTempFile("zdm-osc", ".out");
      try {
        ProcessBuilder builder =
            new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        input.ifPresent(file -> builder.redirectInput(file.toFile()));
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
          process.destroyForcibly();
          throw new ServerException(
              String.join(" ", command) + " did not end:\n" + Files.readString(output));
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
