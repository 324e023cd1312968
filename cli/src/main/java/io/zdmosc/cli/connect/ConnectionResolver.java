package io.zdmosc.cli.connect;

import io.zdmosc.cli.config.Settings;
import io.zdmosc.engine.spi.ConnectionSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Works out how to connect: the options first, then the environment. For the password: its file,
 * then what the database's own tools would use.
 */
public final class ConnectionResolver {
  private final Settings settings;
  private final List<ClientDefaults> defaults;
  private final PasswordFile passwordFile;

  public ConnectionResolver(
      Settings settings, List<ClientDefaults> defaults, PasswordFile passwordFile) {
    this.settings = settings;
    this.defaults = List.copyOf(defaults);
    this.passwordFile = passwordFile;
  }

  /** Empty, and problems are recorded, when the input does not say how. */
  public Optional<ConnectionSettings> resolve() {
    Optional<JdbcUrl> url = url();
    Optional<String> fromFile = settings.get("password-file").flatMap(passwordFile::read);
    if (url.isEmpty()) {
      return Optional.empty();
    }
    Optional<ClientDefaults> client =
        defaults.stream().filter(candidate -> candidate.accepts(url.get())).findFirst();
    String user = user(url.get(), client);
    String password =
        fromFile.or(() -> client.flatMap(tools -> tools.password(url.get(), user))).orElse(null);
    Map<String, String> properties =
        client.map(tools -> tools.properties(url.get())).orElse(Map.of());
    return Optional.of(new ConnectionSettings(url.get().text(), user, password, properties));
  }

  private Optional<JdbcUrl> url() {
    Optional<String> given = settings.text("url");
    String origin = settings.get("url").map(setting -> setting.origin()).orElse("--url");
    int before = settings.problems().found().size();
    Optional<String> text =
        given.or(() -> defaults.stream().flatMap(tools -> tools.url().stream()).findFirst());
    if (text.isEmpty()) {
      if (settings.problems().found().size() == before) {
        settings
            .problems()
            .addMissing(
                origin,
                "Give --url jdbc:postgresql://host/database (or jdbc:mysql, jdbc:mariadb), or set"
                    + " PGHOST.");
      }
      return Optional.empty();
    }
    JdbcUrl url = new JdbcUrl(text.get());
    if (!url.startsWith("jdbc:")) {
      settings
          .problems()
          .add(
              origin,
              "is not a JDBC URL",
              "Write it as jdbc:postgresql://host:5432/database, or jdbc:mysql, jdbc:mariadb.");
      return Optional.empty();
    }
    if (url.password().isPresent()) {
      settings
          .problems()
          .add(
              origin,
              "holds a password (" + url.password().get() + "), which other users could read",
              "Leave it out; use --password-file, PGPASSWORD, ~/.pgpass, MYSQL_PWD, ~/.my.cnf or"
                  + " the prompt.");
      return Optional.empty();
    }
    return Optional.of(url);
  }

  private String user(JdbcUrl url, Optional<ClientDefaults> client) {
    Optional<String> option = settings.text("user");
    Optional<String> inUrl = url.parameter("user");
    if (option.isPresent() && inUrl.isPresent() && !option.get().equals(inUrl.get())) {
      settings
          .problems()
          .add(
              settings.get("user").orElseThrow().origin(),
              "names another user than the URL does",
              "Give the user in one of the two places.");
    }
    return option.or(() -> inUrl).or(() -> client.flatMap(ClientDefaults::user)).orElse(null);
  }
}
