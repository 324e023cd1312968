package io.zdmosc.cli;

import io.zdmosc.cli.config.Durations;
import io.zdmosc.cli.config.Settings;
import io.zdmosc.engine.hook.HookSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options that name the programs to call when a migration comes to something. */
final class HookOptions {
  @Option(
      names = "--hook",
      order = 59,
      paramLabel = "DIR",
      description =
          "Calls the executables zdm-osc-on-EVENT... of this directory: on copying, ready,"
              + " before-cut-over, swapped, success, failure and others. One that fails before the"
              + " cut-over holds it back")
  String hook;

  @Option(
      names = "--hook-timeout",
      order = 60,
      paramLabel = "TIME",
      description =
          "How long a hook may take before it is ended and counts as failed. Default: 30s")
  String hookTimeout;

  /**
   * Problems are recorded in the settings.
   *
   * @param directory where relative file names begin
   */
  static Optional<HookSettings> read(Settings settings, Path directory) {
    Duration timeout =
        settings
            .parsed(
                "hook-timeout",
                text -> {
                  Duration value = Durations.parse(text);
                  if (value.isZero()) {
                    throw new IllegalArgumentException("must be positive");
                  }
                  return value;
                },
                Durations.REMEDY)
            .orElse(HookSettings.DEFAULT_TIMEOUT);
    return settings
        .text("hook")
        .map(name -> new HookSettings(directory.resolve(name).normalize().toString(), timeout));
  }
}
