package io.zdmosc.cli.connect;

import java.io.Console;
import java.util.Optional;

/** Asks on the process's own terminal. */
public final class ConsolePrompt implements Prompt {

  @Override
  public Optional<String> password(String question) {
    Console console = System.console();
    if (console == null) {
      return Optional.empty();
    }
    char[] typed = console.readPassword("%s ", question);
    return typed == null || typed.length == 0 ? Optional.empty() : Optional.of(new String(typed));
  }

  @Override
  public boolean confirm(String question) {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    String answer = console.readLine("%s [y/N] ", question);
    return answer != null && answer.strip().matches("(?i)y|yes");
  }

  @Override
  public boolean available() {
    return System.console() != null;
  }
}
