package io.zdmosc.cli.connect;

import java.io.Console;
import java.util.Optional;

/** Asks on the process's own terminal. */
public final class ConsolePrompt implements Prompt {

  @Override
  public Optional<String> password(String question) {
    return console()
        .map(console -> console.readPassword("%s ", question))
        .filter(typed -> typed.length > 0)
        .map(String::new);
  }

  @Override
  public boolean confirm(String question) {
    return console()
        .map(console -> console.readLine("%s [y/N] ", question))
        .filter(answer -> answer.strip().matches("(?i)y|yes"))
        .isPresent();
  }

  @Override
  public boolean available() {
    return console().isPresent();
  }

  private static Optional<Console> console() {
    return Optional.ofNullable(System.console()).filter(ConsolePrompt::isTerminal);
  }

  /** From Java 22 on there may be a console without a terminal, and a method that tells. */
  private static boolean isTerminal(Console console) {
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot tell whether there is a terminal", e);
    }
  }
}
