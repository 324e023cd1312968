package io.zdmosc.cli;

import picocli.CommandLine;

/** What a command says that only has subcommands, when none of them was named. */
final class Usage {
  private Usage() {}

  /** Shows the usage, or what could not be understood; the exit status. */
  static int show(CommandLine commandLine, Context context) {
    if (ParseErrors.of(commandLine.getParseResult()).isEmpty()) {
      commandLine.usage(commandLine.getErr());
      return CommandLine.ExitCode.USAGE;
    }
    return new ErrorReport(context.out(), context.err()).refuse(commandLine.getParseResult());
  }
}
