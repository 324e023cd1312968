package io.zdmosc.cli.connect;

import io.zdmosc.cli.config.Problems;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The variables and the password file of libpq. */
public final class PostgresDefaults implements ClientDefaults {
  private static final Map<String, String> DRIVER_PROPERTIES =
      Map.ofEntries(
          Map.entry("PGSSLMODE", "sslmode"),
          Map.entry("PGSSLROOTCERT", "sslrootcert"),
          Map.entry("PGSSLCERT", "sslcert"),
          Map.entry("PGSSLKEY", "sslkey"),
          Map.entry("PGSSLNEGOTIATION", "sslNegotiation"),
          Map.entry("PGCHANNELBINDING", "channelBinding"),
          Map.entry("PGGSSENCMODE", "gssEncMode"),
          Map.entry("PGKRBSRVNAME", "kerberosServerName"),
          Map.entry("PGCONNECT_TIMEOUT", "connectTimeout"),
          Map.entry("PGOPTIONS", "options"));

  private final Map<String, String> environment;
  private final Path home;
  private final Problems problems;
  private final Consumer<String> warnings;

  public PostgresDefaults(
      Map<String, String> environment, Path home, Problems problems, Consumer<String> warnings) {
    this.environment = Map.copyOf(environment);
    this.home = home;
    this.problems = problems;
    this.warnings = warnings;
  }

  @Override
  public boolean accepts(JdbcUrl url) {
    return url.startsWith(PostgresUrl.PREFIX);
  }

  @Override
  public Optional<String> url() {
    if (Stream.of("PGHOST", "PGPORT", "PGDATABASE").allMatch(name -> value(name).isEmpty())) {
      return Optional.empty();
    }
    String host = value("PGHOST").or(() -> value("PGHOSTADDR")).orElse("localhost");
    if (host.startsWith("/") || host.startsWith("@")) {
      problems.add(
          "PGHOST",
          "'" + host + "' is a socket, and Java's driver connects by TCP",
          "Set PGHOST to a host name, or give --url.");
      return Optional.empty();
    }
    String database =
        value("PGDATABASE").or(this::user).orElseGet(() -> System.getProperty("user.name"));
    return Optional.of(PostgresUrl.of(host, value("PGPORT").orElse("5432"), database));
  }

  @Override
  public Optional<String> user() {
    return value("PGUSER");
  }

  @Override
  public Map<String, String> properties(JdbcUrl url) {
    Map<String, String> properties = new LinkedHashMap<>();
    DRIVER_PROPERTIES.forEach(
        (variable, property) -> {
          if (url.parameter(property).isEmpty()) {
            value(variable).ifPresent(value -> properties.put(property, value));
          }
        });
    return properties;
  }

  @Override
  public Optional<String> password(JdbcUrl url, String user) {
    Optional<String> password = value("PGPASSWORD");
    return password.isPresent() ? password : fromFile(url, user);
  }

  private Optional<String> fromFile(JdbcUrl url, String user) {
    Path file =
        value("PGPASSFILE")
            .map(Path::of)
            .orElseGet(() -> PgPassFile.defaultFile(home, environment));
    PgPassFile passwords = new PgPassFile(file, warnings);
    PostgresUrl target = PostgresUrl.parse(url);
    String who = user == null ? System.getProperty("user.name") : user;
    return target.hosts().stream()
        .map(host -> passwords.find(host.name(), host.port(), target.databaseFor(who), who))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Optional<String> value(String variable) {
    return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isEmpty());
  }
}
