package io.zdmosc.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.cli.config.Problems;
import io.zdmosc.cli.config.Setting;
import io.zdmosc.cli.config.Settings;
import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.spi.ConnectionSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionResolverTest {
  @TempDir private Path home;

  private final Problems problems = new Problems();
  private final List<String> warnings = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();
  private final Map<String, Setting> options = new HashMap<>();

  @Test
  void buildsTheUrlFromTheEnvironment() {
    environment.putAll(Map.of("PGHOST", "db", "PGPORT", "5433", "PGDATABASE", "shop"));
    environment.put("PGUSER", "app");
    environment.put("PGSSLMODE", "verify-full");

    ConnectionSettings connection = resolve().orElseThrow();
    assertThat(connection.url()).isEqualTo("jdbc:postgresql://db:5433/shop");
    assertThat(connection.user()).isEqualTo("app");
    assertThat(connection.properties()).containsExactly(Map.entry("sslmode", "verify-full"));
  }

  @Test
  void usesTheUsersNameAsDatabaseWhenNoneIsNamed() {
    environment.putAll(Map.of("PGHOST", "db", "PGUSER", "app"));
    assertThat(resolve().orElseThrow().url()).isEqualTo("jdbc:postgresql://db:5432/app");
  }

  @Test
  void letsTheOptionWinOverTheEnvironment() {
    environment.putAll(Map.of("PGHOST", "db", "PGDATABASE", "shop", "PGSSLMODE", "disable"));
    option("url", "jdbc:postgresql://other/x?sslmode=require");
    option("user", "me");

    ConnectionSettings connection = resolve().orElseThrow();
    assertThat(connection.url()).isEqualTo("jdbc:postgresql://other/x?sslmode=require");
    assertThat(connection.user()).isEqualTo("me");
    assertThat(connection.properties()).isEmpty();
  }

  @Test
  void refusesASocketAsHost() {
    environment.put("PGHOST", "/var/run/postgresql");
    assertThat(resolve()).isEmpty();
    assertThat(problems.found()).extracting(Problem::object).containsExactly("PGHOST");
  }

  @Test
  void saysThatTheUrlIsMissing() {
    assertThat(resolve()).isEmpty();
    assertThat(problems.found()).extracting(Problem::what).containsExactly("is missing");
  }

  @Test
  void refusesAPasswordInTheUrlWithoutRepeatingIt() {
    option("url", "jdbc:postgresql://h/d?user=x&password=s3cret");
    assertThat(resolve()).isEmpty();
    assertThat(problems.found()).hasSize(1);
    assertThat(problems.found().get(0).what()).contains("holds a password");
    assertThat(problems.found().toString()).doesNotContain("s3cret");
  }

  @Test
  void refusesTwoDifferentUsers() {
    option("url", "jdbc:postgresql://h/d?user=x");
    option("user", "y");
    resolve();
    assertThat(problems.found()).extracting(Problem::object).containsExactly("--user");
  }

  @Test
  void takesThePasswordFromItsFileThenTheVariableThenThePasswordFileOfLibpq() throws IOException {
    option("url", "jdbc:postgresql://h/d");
    environment.put("PGUSER", "u");
    secret(".pgpass", "h:5432:d:u:third\n");
    assertThat(resolve().orElseThrow().password()).isEqualTo("third");

    environment.put("PGPASSWORD", "second");
    assertThat(resolve().orElseThrow().password()).isEqualTo("second");

    option("password-file", secret("password", "first\nand a comment\n").toString());
    assertThat(resolve().orElseThrow().password()).isEqualTo("first");
    assertThat(warnings).isEmpty();
  }

  @Test
  void readsThePasswordFileThatTheEnvironmentNames() throws IOException {
    option("url", "jdbc:postgresql://h/d");
    option("user", "u");
    environment.put("PGPASSFILE", secret("elsewhere", "*:*:*:u:secret\n").toString());
    assertThat(resolve().orElseThrow().password()).isEqualTo("secret");
  }

  @Test
  void refusesAnEmptyAndAMissingPasswordFile() throws IOException {
    option("url", "jdbc:postgresql://h/d");
    option("password-file", secret("empty", "").toString());
    resolve();
    option("password-file", "none");
    resolve();
    assertThat(problems.found())
        .hasSize(2)
        .extracting(Problem::object)
        .containsOnly("--password-file");
  }

  @Test
  void neverShowsThePassword() {
    option("url", "jdbc:postgresql://h/d");
    environment.put("PGPASSWORD", "s3cret");
    assertThat(resolve().orElseThrow().toString()).doesNotContain("s3cret");
  }

  private Optional<ConnectionSettings> resolve() {
    PostgresDefaults postgres = new PostgresDefaults(environment, home, problems, warnings::add);
    PasswordFile passwordFile = new PasswordFile(home, problems, warnings::add);
    return new ConnectionResolver(new Settings(options, problems), List.of(postgres), passwordFile)
        .resolve();
  }

  private void option(String name, String value) {
    options.put(name, new Setting(name, value, Setting.Source.COMMAND_LINE, "--" + name));
  }

  private Path secret(String name, String text) throws IOException {
    Path file = Files.writeString(home.resolve(name), text);
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
    return file;
  }
}
