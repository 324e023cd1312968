package io.zdmosc.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
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
  void readsWhatTheFileIncludes() throws IOException {
    Path folder = Files.createDirectory(home.resolve("conf.d"));
    Files.writeString(folder.resolve("b.cnf"), "[client-mariadb]\npassword=second\n");
    Files.writeString(folder.resolve("a.cnf"), "[mysql]\npassword=first\nuser=a\n");
    Files.writeString(folder.resolve("c.txt"), "[client]\npassword=no\n");
    Path more = home.resolve("more.cnf");
    Files.writeString(more, "[mysqld]\nuser=mysql\n[client]\nuser = more\n!include " + more + "\n");
    file("[client]\npassword=own\n!includedir " + folder + "\n!include " + more + "\n");

    assertThat(defaults().password(URL, "app")).contains("second");
    assertThat(defaults().user()).contains("more");
    assertThat(warnings).isEmpty();
  }

  @Test
  void goesOnInItsOwnSectionBehindAnIncludedFile() throws IOException {
    Path other = home.resolve("other.cnf");
    Files.writeString(other, "user=outside\n[mysqld]\n");
    file("[client]\n!include " + other + "\npassword=own\n");

    assertThat(defaults().password(URL, "app")).contains("own");
    assertThat(defaults().user()).isEmpty();
  }

  /** Made by mysql_config_editor's rules: zeros, key, then each line behind its length. */
  @Test
  void readsTheLoginPathFile() throws Exception {
    file("[client]\npassword=cnf\nuser=cnf\n");
    Path login =
        loginFile("[other]\n", "password = \"no\"\n", "[client]\n", "password = \"s3#cr\"\n");
    Files.setPosixFilePermissions(login, PosixFilePermissions.fromString("rw-------"));

    assertThat(defaults().password(URL, "app")).contains("s3#cr");
    assertThat(defaults().user()).contains("cnf");
    assertThat(warnings).isEmpty();
  }

  @Test
  void leavesALoginPathFileAloneThatOthersCanRead() throws Exception {
    Path login = loginFile("[client]\n", "password = \"secret\"\n");
    Files.setPosixFilePermissions(login, PosixFilePermissions.fromString("rw-r--r--"));

    assertThat(defaults().password(URL, "app")).isEmpty();
    assertThat(warnings).hasSize(1).first().asString().contains("chmod 600");
  }

  @Test
  void saysThatALoginPathFileIsBroken() throws Exception {
    Path login = loginFile("[client]\n", "password = \"secret\"\n");
    byte[] content = Files.readAllBytes(login);
    Files.write(login, Arrays.copyOf(content, content.length - 3));
    Files.setPosixFilePermissions(login, PosixFilePermissions.fromString("rw-------"));

    assertThat(defaults().password(URL, "app")).isEmpty();
    assertThat(warnings).hasSize(1).first().asString().contains("cannot be read", login.toString());
  }

  private Path loginFile(String... lines) throws Exception {
    byte[] key = new byte[20];
    new Random(7).nextBytes(key);
    byte[] folded = new byte[16];
    for (int i = 0; i < key.length; i++) {
      folded[i % 16] ^= key[i];
    }
    Cipher cipher = Cipher.getInstance("AES/ECB/PKCS5Padding");
    cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(folded, "AES"));
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.write(new byte[4]);
    content.write(key);
    for (String line : lines) {
      byte[] bytes = cipher.doFinal(line.getBytes(StandardCharsets.UTF_8));
      content.write(
          ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes.length).array());
      content.write(bytes);
    }
    Path file = home.resolve(".mylogin.cnf");
    Files.write(file, content.toByteArray());
    return file;
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
