package io.zdmosc.cli;

import picocli.CommandLine.Option;

/** Says what becomes of a migration when its process is told to end. */
final class StopOptions {
  @Option(
      names = "--on-stop",
      order = 62,
      paramLabel = "keep|discard",
      description = {
        "What the first Ctrl-C, SIGTERM or SIGHUP does. keep: the migration stays as it is, for"
            + " 'zdm-osc resume' or 'zdm-osc abort'. discard: what was built is removed",
        "Default: keep"
      })
  String onStop;
}
