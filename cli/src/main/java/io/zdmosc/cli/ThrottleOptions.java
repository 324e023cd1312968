package io.zdmosc.cli;

import io.zdmosc.cli.config.Problems;
import io.zdmosc.cli.config.Setting;
import io.zdmosc.cli.config.Settings;
import io.zdmosc.cli.connect.JdbcUrl;
import io.zdmosc.engine.throttle.Throttling;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options that say what a migration gives way to. */
final class ThrottleOptions {
  @Option(
      names = "--replica",
      order = 54,
      paramLabel = "URL",
      description =
          "MySQL, MariaDB: a replica to be asked how far it is behind, with the same user and"
              + " password; may be repeated. auto: those that have announced themselves by"
              + " report_host")
  List<String> replica;

  @Option(
      names = "--throttle-query",
      order = 55,
      paramLabel = "SQL",
      description =
          "Asked once a second; copy and verification pause while its first column is true or more"
              + " than 0")
  String throttleQuery;

  @Option(
      names = "--throttle-file",
      order = 56,
      paramLabel = "FILE",
      description = "Copy and verification pause while this file exists")
  String throttleFile;

  /**
   * Problems are recorded in the settings.
   *
   * @param directory where relative file names begin
   */
  static Throttling read(Settings settings, Path directory) {
    List<String> replicas =
        settings.text("replica").stream()
            .flatMap(String::lines)
            .map(String::strip)
            .filter(url -> isGood(url, settings.get("replica").orElseThrow(), settings.problems()))
            .toList();
    Optional<String> query = settings.text("throttle-query").filter(sql -> !sql.isBlank());
    if (query.isEmpty() && settings.get("throttle-query-limit").isPresent()) {
      settings
          .problems()
          .add("--throttle-query-limit", "limits nothing", "Give --throttle-query as well.");
    }
    return new Throttling(
        replicas,
        query,
        settings.text("throttle-file").map(file -> directory.resolve(file).normalize().toString()),
        LimitOptions.read(settings));
  }

  private static boolean isGood(String text, Setting setting, Problems problems) {
    JdbcUrl url = new JdbcUrl(text);
    if (text.equals(Throttling.DISCOVER)) {
      return true;
    }
    if (url.password().isPresent()) {
      problems.add(
          setting.origin(),
          "holds a password (" + url.password().get() + "), which other users could read",
          "Leave it out: the password is that of --url.");
      return false;
    }
    if (!url.startsWith("jdbc:")) {
      problems.add(
          setting.origin(),
          "'" + url + "' is not a JDBC URL",
          "Write it as jdbc:mysql://host:3306/ or jdbc:mariadb://host:3306/, or auto.");
      return false;
    }
    return true;
  }
}
