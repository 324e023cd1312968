package io.zdmosc.cli;

import io.zdmosc.cli.config.Durations;
import io.zdmosc.cli.config.Numbers;
import io.zdmosc.cli.config.Setting;
import io.zdmosc.cli.config.Settings;
import io.zdmosc.cli.config.Sizes;
import io.zdmosc.engine.AfterAttempts;
import io.zdmosc.engine.DryRun;
import io.zdmosc.engine.Retire;
import io.zdmosc.engine.RunOptions;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;

/** Reads how a migration is to be run from the settings; what is not given stays at its default. */
final class RunOptionsReader {
  private final Settings settings;
  private final Path directory;
  private RunOptions options = RunOptions.defaults();

  /**
   * @param directory where relative file names begin
   */
  RunOptionsReader(Settings settings, Path directory) {
    this.settings = settings;
    this.directory = directory;
  }

  /** Problems are recorded in the settings. */
  RunOptions read() {
    apply("threads", Numbers::parse, RunOptions::withThreads, Numbers.REMEDY);
    apply("chunk-time", Durations::parse, RunOptions::withChunkTime, Durations.REMEDY);
    apply("max-lag", Durations::parse, RunOptions::withMaxLag, Durations.REMEDY);
    apply("cut-over-budget", Durations::parse, RunOptions::withCutOverBudget, Durations.REMEDY);
    apply("cut-over-attempts", Numbers::parse, RunOptions::withCutOverAttempts, Numbers.REMEDY);
    settings
        .choice("after-attempts", AfterAttempts.class)
        .ifPresent(it -> options = options.withAfterAttempts(it));
    settings.choice("retire", Retire.class).ifPresent(it -> options = options.withRetire(it));
    apply("index-memory", Sizes::parse, RunOptions::withIndexMemoryBytes, Sizes.REMEDY);
    apply("retry-time", Durations::parse, RunOptions::withRetryTime, Durations.REMEDY);
    options = options.withPostponeCutOver(settings.flag("postpone-cut-over"));
    apply("dry-run", RunOptionsReader::dryRun, RunOptions::withDryRun, "Give sample or full.");
    HookOptions.read(settings, directory).ifPresent(it -> options = options.withHooks(it));
    return options
        .withThrottling(ThrottleOptions.read(settings, directory))
        .withGuards(GuardOptions.read(settings));
  }

  private <T> void apply(
      String name,
      Settings.Parser<T> parser,
      BiFunction<RunOptions, T, RunOptions> change,
      String remedy) {
    Optional<T> value = settings.parsed(name, parser, remedy);
    if (value.isEmpty()) {
      return;
    }
    try {
      options = change.apply(options, value.get());
    } catch (IllegalArgumentException e) {
      Setting setting = settings.get(name).orElseThrow();
      settings
          .problems()
          .add(
              setting.origin(),
              "'" + setting.text() + "': " + e.getMessage(),
              "Give another value.");
    }
  }

  /** A config file may also say true or false. */
  private static DryRun dryRun(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "sample", "true" -> DryRun.SAMPLE;
      case "full" -> DryRun.FULL;
      case "none", "false" -> DryRun.NONE;
      default -> throw new IllegalArgumentException("is not one of the choices");
    };
  }
}
