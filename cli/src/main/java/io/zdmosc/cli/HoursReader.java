package io.zdmosc.cli;

import io.zdmosc.cli.config.Settings;
import io.zdmosc.cli.output.TrafficReport;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.traffic.WeekProfile;
import io.zdmosc.engine.traffic.WindowProposal;
import io.zdmosc.engine.window.Hours;
import io.zdmosc.engine.window.Windows;
import java.time.ZoneId;
import java.util.function.Consumer;

/** Reads when a migration may work; {@code auto} is looked up in what was learned of the table. */
final class HoursReader {
  private static final String AUTO = "auto";
  private static final String REMEDY =
      "Write windows like 'Mon-Fri 01:00-05:00 Europe/Berlin; Sat-Sun 00:00-24:00'.";

  private final ZoneId zone = ZoneId.systemDefault();
  private final String work;
  private final String cutOver;

  /** Problems are recorded in the settings. */
  HoursReader(Settings settings) {
    work = read(settings, "window");
    cutOver = read(settings, "cut-over-window");
  }

  private String read(Settings settings, String name) {
    return settings
        .parsed(
            name,
            text -> {
              String windows = text.strip();
              if (windows.equalsIgnoreCase(AUTO)) {
                return AUTO;
              }
              try {
                Windows.parse(windows, zone);
              } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("cannot be used: " + e.getMessage(), e);
              }
              return windows;
            },
            REMEDY)
        .orElse("");
  }

  /**
   * The options with these hours.
   *
   * @param say tells the user what was chosen
   * @throws RefusedException when quiet hours are asked for and none are known
   */
  RunOptions apply(RunOptions options, Database database, String table, Consumer<String> say) {
    String proposal = "";
    if (work.equals(AUTO) || cutOver.equals(AUTO)) {
      proposal = proposal(database, table);
      say.accept("Window: " + proposal);
    }
    return options.withHours(
        new Hours(
            work.equals(AUTO) ? proposal : work,
            cutOver.equals(AUTO) ? proposal : cutOver,
            zone.getId()));
  }

  private String proposal(Database database, String table) {
    return WindowProposal.of(WeekProfile.best(database.traffic(table).stored(), zone))
        .map(Windows::toString)
        .orElseThrow(
            () ->
                RefusedException.of(
                    "--window auto",
                    "knows no quiet hours of " + table,
                    "Observe it for a day, and look at what it says: "
                        + TrafficReport.observation(table)));
  }
}
