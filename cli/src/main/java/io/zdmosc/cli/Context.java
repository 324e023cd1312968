package io.zdmosc.cli;

import static java.util.Objects.requireNonNull;

import io.zdmosc.cli.connect.ConsolePrompt;
import io.zdmosc.cli.connect.Prompt;
import io.zdmosc.engine.spi.Connector;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a command has around it, in one place so that tests can give it something else.
 *
 * @param environment variables of the environment
 * @param directory where relative file names begin
 * @param home the user's home directory
 * @param out standard output
 * @param err standard error
 * @param connectors the databases that are served; asked for only when one is needed
 * @param prompt the person at the terminal
 */
record Context(
    Map<String, String> environment,
    Path directory,
    Path home,
    PrintStream out,
    PrintStream err,
    Supplier<List<Connector>> connectors,
    Prompt prompt) {
  Context {
    environment = Map.copyOf(environment);
    requireNonNull(directory, "directory is null");
    requireNonNull(home, "home is null");
    requireNonNull(out, "out is null");
    requireNonNull(err, "err is null");
    requireNonNull(connectors, "connectors is null");
    requireNonNull(prompt, "prompt is null");
  }

  /** The process's own surroundings. */
  static Context ofProcess() {
    Map<String, String> environment = System.getenv();
    String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
    return new Context(
        environment,
        Path.of("").toAbsolutePath(),
        Path.of(home),
        System.out,
        System.err,
        () -> Connectors.all(),
        new ConsolePrompt());
  }

  void warn(String warning) {
    err.println("zdm-osc: " + warning);
  }
}
