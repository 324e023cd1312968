package io.zdmosc.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line's entry point. */
@Command(
    name = "zdm-osc",
    description = "Online schema changes through a change stream, without triggers.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class)
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }
}
