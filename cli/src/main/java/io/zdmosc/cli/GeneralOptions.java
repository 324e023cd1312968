package io.zdmosc.cli;

import picocli.CommandLine.Option;

/**
 * Options of every command that works on a server.
 *
 * <p>As in all classes of options here, the fields serve the help alone: values are read by name
 * from the settings, which know the config file as well.
 */
final class GeneralOptions {
  @Option(
      names = "--config",
      order = 90,
      paramLabel = "FILE",
      description = {
        "YAML file with options by their long names, one 'name: value' a line. The command line wins.",
        "Default: zdm-osc.yaml in the current directory, if there is one"
      })
  String config;

  @Option(
      names = "--output",
      order = 91,
      paramLabel = "text|json",
      description = "Form of standard output; json means one object a line. Default: text")
  String output;

  @Option(
      names = "--log-file",
      order = 92,
      paramLabel = "FILE",
      description = "Appends a log to this file. Default: none")
  String logFile;

  @Option(
      names = {"-v", "--verbose"},
      order = 93,
      arity = "0",
      description = "Logs to standard error; -vv and -vvv log more.")
  boolean[] verbose;

  @Option(
      names = {"-h", "--help"},
      order = 94,
      usageHelp = true,
      description = "Shows this help.")
  boolean help;
}
