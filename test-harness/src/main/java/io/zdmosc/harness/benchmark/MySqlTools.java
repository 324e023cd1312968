package io.zdmosc.harness.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The programs that change tables.
 *
 * @param zdmOsc the launcher
 * @param more further arguments for zdm-osc
 * @param patience after which a program is ended, and counts as not finished
 */
record MySqlTools(Path zdmOsc, List<String> more, Duration patience) {
  private static final Map<String, String> PACKAGES =
      Map.of(
          "gh-ost", "github.com/github/gh-ost/go/cmd/gh-ost@latest",
          "spirit", "github.com/block/spirit/cmd/spirit@latest");

  /** Runs a program; what it printed, or nothing when it took too long. */
  Optional<String> run(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    return Shell.run(environment, command, patience);
  }

  /** A program that {@code go install} makes; it is fetched and built when it is not there yet. */
  String goProgram(String name) throws IOException, InterruptedException {
    Path program =
        Path.of(Shell.run(Map.of(), List.of("go", "env", "GOPATH")).strip(), "bin", name);
    if (!Files.isExecutable(program)) {
      Shell.run(Map.of(), List.of("go", "install", PACKAGES.get(name)));
    }
    return program.toString();
  }
}
