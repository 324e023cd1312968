package io.zdmosc.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataFolderTest {
  @ParameterizedTest
  @ValueSource(strings = {"mariadb_system_tables.sql", "mysql_system_tables.sql"})
  void systemTablesAreFoundByTheNamesOfAllReleases(String name, @TempDir Path share)
      throws IOException {
    Files.createFile(share.resolve(name));

    assertThat(DataFolder.hasSystemTables(share)).isTrue();
  }

  @Test
  void elsewhereThereAreNone(@TempDir Path share) throws IOException {
    Files.createFile(share.resolve("mysql_system_tables_data.sql"));

    assertThat(DataFolder.hasSystemTables(share)).isFalse();
  }
}
