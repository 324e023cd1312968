package io.zdmosc.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PgPassFileTest {
  private static final String DRIVERS_OWN = "org.postgresql.pgpassfile";

  @TempDir private Path folder;

  private final List<String> warnings = new ArrayList<>();

  @AfterEach
  void letTheDriverReadAgain() {
    System.clearProperty(DRIVERS_OWN);
  }

  @ParameterizedTest
  @CsvSource({
    "h:5432:d:u:secret, secret",
    "*:*:*:*:secret, secret",
    "h:*:d:*:secret, secret",
    "H:5432:d:u:secret, ",
    "h:5433:d:u:secret, ",
    "h:5432:d:other:secret, ",
    "h:5432:d:u, ",
    "h:5432:d:u:, ",
    "'#h:5432:d:u:secret', ",
    "h:5432:d:u:a\\:b\\\\c, a:b\\c",
    "h:5432:d:u:a b , 'a b'",
    "h:5432:d:u:first:second, first",
    "\\h:5432:d:u:secret, secret",
    "\\*:5432:d:u:secret, "
  })
  void matchesALineAsLibpqDoes(String line, String expected) throws IOException {
    assertThat(find(line)).isEqualTo(Optional.ofNullable(expected));
  }

  @Test
  void takesTheFirstLineThatMatches() throws IOException {
    assertThat(find("other:*:*:*:no\n\nh:*:*:*:first\n*:*:*:*:second\n")).contains("first");
  }

  @Test
  void matchesNamesWithColonsAndBackslashes() throws IOException {
    Path file = write("\\:\\:1:5432:my\\\\db:u\\:v:secret\n");
    assertThat(new PgPassFile(file, warnings::add).find("::1", "5432", "my\\db", "u:v"))
        .contains("secret");
  }

  @Test
  void ignoresAFileThatOthersMayReadAndSaysSo() throws IOException {
    Path file = write("*:*:*:*:secret\n");
    assumeTrue(file.getFileSystem().supportedFileAttributeViews().contains("posix"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

    assertThat(new PgPassFile(file, warnings::add).find("h", "5432", "d", "u")).isEmpty();
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0)).contains("chmod 600").doesNotContain("secret");
    assertThat(System.getProperty(DRIVERS_OWN)).isEqualTo("/dev/null");
  }

  @Test
  void isNothingWhenThereIsNoFile() {
    assertThat(new PgPassFile(folder.resolve("none"), warnings::add).find("h", "1", "d", "u"))
        .isEmpty();
    assertThat(warnings).isEmpty();
  }

  private Optional<String> find(String text) throws IOException {
    return new PgPassFile(write(text), warnings::add).find("h", "5432", "d", "u");
  }

  private Path write(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("pgpass"), text);
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
    return file;
  }
}
