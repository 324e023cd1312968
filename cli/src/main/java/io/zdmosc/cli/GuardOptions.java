package io.zdmosc.cli;

import io.zdmosc.cli.config.Settings;
import io.zdmosc.cli.config.Sizes;
import io.zdmosc.engine.guard.Guards;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options that say when a migration gives up rather than hurt its server. */
final class GuardOptions {
  @Option(
      names = "--max-retained",
      order = 57,
      paramLabel = "SIZE",
      description = {
        "Gives up when the server has to keep so much log for the migration; slows down from half"
            + " of it on.",
        "Default: the server's own limit"
      })
  String maxRetained;

  @Option(
      names = "--min-free",
      order = 58,
      paramLabel = "SIZE",
      description = {
        "Gives up when less room is left on a disk of the server, where it runs on this machine;"
            + " slows down from twice of it on. 0: never",
        "Default: 1GB, or 5 %% of the disk if that is less"
      })
  String minFree;

  /** Problems are recorded in the settings. */
  static Guards read(Settings settings) {
    Optional<Long> retained =
        settings.parsed(
            "max-retained",
            text -> {
              long size = Sizes.parse(text);
              if (size <= 0) {
                throw new IllegalArgumentException("must be positive");
              }
              return size;
            },
            Sizes.REMEDY);
    return new Guards(retained, settings.parsed("min-free", Sizes::parse, Sizes.REMEDY));
  }
}
