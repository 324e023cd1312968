package io.zdmosc.engine.hook;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The executables of a directory whose names begin with {@code zdm-osc-on-} and an event. What
 * follows the event, behind a dot or a dash, is free, so that there may be several for one.
 */
final class HookDirectory {
  static final String PREFIX = "zdm-osc-on-";

  private final Path directory;

  HookDirectory(Path directory) {
    this.directory = directory;
  }

  /** The event for a state. */
  static String event(MigrationState state) {
    return state.label().replace(' ', '-');
  }

  private static List<String> events() {
    return Stream.concat(
            Arrays.stream(MigrationState.values()).map(HookDirectory::event),
            Stream.of(Hooks.BEFORE_CUT_OVER, Hooks.SUCCESS, Hooks.FAILURE))
        .toList();
  }

  /** The hooks of an event, by name. */
  List<Path> of(String event) throws IOException {
    return files().stream()
        .filter(file -> event(file).filter(event::equals).isPresent())
        .filter(Files::isExecutable)
        .toList();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.getFileName().toString().startsWith(PREFIX))
          .sorted()
          .toList();
    }
  }

  /** The longest one that the name begins with, so that success-2 is no event of its own. */
  private static Optional<String> event(Path file) {
    String name = file.getFileName().toString().substring(PREFIX.length());
    return events().stream()
        .filter(
            event ->
                name.equals(event) || name.startsWith(event + ".") || name.startsWith(event + "-"))
        .max(Comparator.comparingInt(String::length));
  }

  /**
   * Makes sure that what lies there will be called: a hook that is not, for its name or its
   * permissions, would be missed only when it was needed.
   *
   * @throws RefusedException with all the reasons at once
   */
  void check() {
    List<Problem> problems = new ArrayList<>();
    try {
      List<Path> files = files();
      if (files.isEmpty()) {
        problems.add(problem(directory, "holds no file " + PREFIX + "...", "Put hooks there."));
      }
      for (Path file : files) {
        if (event(file).isEmpty()) {
          problems.add(
              problem(file, "is not for any event", "Known are: " + String.join(", ", events())));
        } else if (!Files.isExecutable(file)) {
          problems.add(problem(file, "is not executable", "chmod +x " + file));
        }
      }
    } catch (IOException e) {
      problems.add(
          problem(directory, "cannot be read: " + e, "Give a directory with executables."));
    }
    if (!problems.isEmpty()) {
      throw new RefusedException(problems);
    }
  }

  private static Problem problem(Path file, String what, String remedy) {
    return new Problem("hook " + file, what, remedy);
  }
}
