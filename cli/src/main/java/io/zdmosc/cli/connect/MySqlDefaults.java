package io.zdmosc.cli.connect;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the clients of MySQL and MariaDB take from the environment and from the user's files: the
 * password from {@code MYSQL_PWD}, or user and password from {@code ~/.mylogin.cnf} or {@code
 * ~/.my.cnf}. Where the server is they are not asked: their variables do not say which of the two
 * products it is.
 */
public final class MySqlDefaults implements ClientDefaults {
  private final Map<String, String> environment;
  private final MyCnfFile file;
  private final MyLoginFile loginFile;

  public MySqlDefaults(Map<String, String> environment, Path home, Consumer<String> warnings) {
    this.environment = Map.copyOf(environment);
    this.file = new MyCnfFile(home.resolve(".my.cnf"), warnings);
    this.loginFile =
        new MyLoginFile(
            Optional.ofNullable(environment.get("MYSQL_TEST_LOGIN_FILE"))
                .map(Path::of)
                .orElse(home.resolve(".mylogin.cnf")),
            warnings);
  }

  @Override
  public boolean accepts(JdbcUrl url) {
    return url.startsWith("jdbc:mysql:") || url.startsWith("jdbc:mariadb:");
  }

  @Override
  public Optional<String> url() {
    return Optional.empty();
  }

  @Override
  public Optional<String> user() {
    return option("user")
        .or(() -> Optional.ofNullable(environment.get("USER")).filter(name -> !name.isEmpty()));
  }

  @Override
  public Map<String, String> properties(JdbcUrl url) {
    return Map.of();
  }

  @Override
  public Optional<String> password(JdbcUrl url, String user) {
    return Optional.ofNullable(environment.get("MYSQL_PWD"))
        .filter(password -> !password.isEmpty())
        .or(() -> option("password"));
  }

  private Optional<String> option(String name) {
    return Optional.ofNullable(loginFile.options().get(name))
        .or(() -> Optional.ofNullable(file.options().get(name)));
  }
}
