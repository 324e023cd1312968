package io.zdmosc.cli.output;

import java.util.regex.Pattern;

/** Arguments in commands that the user is told to run, as a POSIX shell wants them. */
public final class ShellWord {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=@%+,-]+");

  private ShellWord() {}

  /** The argument, in quotes where the shell would make something else of it. */
  public static String of(String argument) {
    return PLAIN.matcher(argument).matches()
        ? argument
        : "'" + argument.replace("'", "'\\''") + "'";
  }
}
