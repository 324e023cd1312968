package io.zdmosc.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MySqlDefaultsTest {
  private static final JdbcUrl URL = new JdbcUrl("jdbc:mariadb://h/d");

  @TempDir private Path home;

  private final List<String> warnings = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();

  @Test
  void servesBothProducts() {
    assertThat(defaults().accepts(new JdbcUrl("jdbc:mysql://h/d"))).isTrue();
    assertThat(defaults().accepts(URL)).isTrue();
    assertThat(defaults().accepts(new JdbcUrl("jdbc:postgresql://h/d"))).isFalse();
  }

  @Test
  void readsTheSectionsThatEveryClientReads() throws IOException {
    file(
        "[mysqld]\nuser=mysql\npassword=wrong\n[client]\n# comment\nuser = app\n"
            + "password=\"s3#cr et\"\n[mysqldump]\npassword=wrong\n");

    assertThat(defaults().user()).contains("app");
    assertThat(defaults().password(URL, "app")).contains("s3#cr et");
    assertThat(warnings).isEmpty();
  }

  @Test
  void readsEscapesAsTheClientsDo() throws IOException {
    file("[client]\npassword=a\\\\b\\sc\\td # why\n");

    assertThat(defaults().password(URL, "app")).contains("a\\b c\td");
  }

  @Test
  void prefersTheVariableToTheFile() throws IOException {
    file("[client]\npassword=file\n");
    environment.put("MYSQL_PWD", "variable");

    assertThat(defaults().password(URL, "app")).contains("variable");
  }

  @Test
  void leavesAFileAloneThatEverybodyCanWriteTo() throws IOException {
    Path file = file("[client]\npassword=secret\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

    assertThat(defaults().password(URL, "app")).isEmpty();
    assertThat(warnings).hasSize(1).first().asString().contains("chmod 600");
  }

  @Test
  void findsNothingWithoutAFile() {
    assertThat(defaults().user()).isEmpty();
    assertThat(defaults().password(URL, null)).isEmpty();
    assertThat(defaults().url()).isEmpty();
  }

  private MySqlDefaults defaults() {
    return new MySqlDefaults(environment, home, warnings::add);
  }

  private Path file(String content) throws IOException {
    Path file = home.resolve(".my.cnf");
    Files.writeString(file, content);
    return file;
  }
}
