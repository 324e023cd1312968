package io.zdmosc.cli;

import io.zdmosc.cli.connect.Prompt;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The command line in surroundings of the test's own. */
final class Tool {
  final FakeDatabase database = new FakeDatabase();
  final Map<String, String> environment = new HashMap<>();
  String typed;
  boolean confirms;
  private final Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  Tool(Path directory) {
    this.directory = directory;
  }

  int run(String... arguments) {
    out.reset();
    err.reset();
    Context context =
        new Context(
            environment,
            directory,
            directory,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            () -> List.of(database),
            new ScriptedPrompt());
    return Main.commandLine(context).execute(arguments);
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private final class ScriptedPrompt implements Prompt {
    @Override
    public Optional<String> password(String question) {
      return Optional.ofNullable(typed);
    }

    @Override
    public boolean confirm(String question) {
      return confirms;
    }

    @Override
    public boolean available() {
      return typed != null || confirms;
    }
  }
}
