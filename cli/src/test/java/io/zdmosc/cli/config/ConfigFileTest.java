package io.zdmosc.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.error.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
  @TempDir private Path folder;

  private final Problems problems = new Problems();

  @Test
  void givesOptionsByTheirNames() throws IOException {
    Map<String, Setting> settings =
        read(
            "table: shop.users\nthreads: 4\nchunk-time: 500ms\nalter: |\n  ADD COLUMN a int,\n  DROP b\n");

    assertThat(problems.found()).isEmpty();
    assertThat(settings.get("table").text()).isEqualTo("shop.users");
    assertThat(settings.get("threads").text()).isEqualTo("4");
    assertThat(settings.get("threads").origin()).isEqualTo("threads in zdm-osc.yaml");
    assertThat(settings.get("alter").text()).isEqualTo("ADD COLUMN a int,\nDROP b\n");
  }

  @Test
  void readsAnEmptyFileAsNoOptions() throws IOException {
    assertThat(read("# nothing yet\n")).isEmpty();
    assertThat(problems.found()).isEmpty();
  }

  @Test
  void namesAnUnknownKeyAndTheOneThatWasProbablyMeant() throws IOException {
    read("thread: 4\ncolour: red\n");

    assertThat(problems.found())
        .extracting(Problem::object)
        .containsExactly("thread in zdm-osc.yaml", "colour in zdm-osc.yaml");
    assertThat(problems.found().get(0).remedy()).isEqualTo("Did you mean 'threads'?");
  }

  @Test
  void refusesAPasswordWithoutRepeatingIt() throws IOException {
    assertThat(read("password: s3cret\ndb_password: s3cret\n")).isEmpty();

    assertThat(problems.found())
        .hasSize(2)
        .allSatisfy(
            problem -> {
              assertThat(problem.what()).isEqualTo("a config file must not hold a password");
              assertThat(problem.toString()).doesNotContain("s3cret");
            });
  }

  @Test
  void refusesWhatBelongsToTheCommandLine() throws IOException {
    read("yes: true\nconfig: other.yaml\n");

    assertThat(problems.found())
        .hasSize(2)
        .extracting(Problem::what)
        .containsOnly("works on the command line only");
  }

  @Test
  void refusesListsAndMissingValues() throws IOException {
    read("table:\nalter: [a, b]\nthreads: {n: 1}\n");

    assertThat(problems.found())
        .hasSize(3)
        .extracting(Problem::what)
        .containsOnly("has no single value");
  }

  @Test
  void saysWhereTheYamlIsBroken() throws IOException {
    read("table: users\nalter: 'ADD\n");
    assertThat(problems.found()).hasSize(1);
    assertThat(problems.found().get(0).what()).startsWith("is not valid YAML (line ");
  }

  @Test
  void refusesAKeyThatIsGivenTwice() throws IOException {
    read("table: users\ntable: orders\n");
    assertThat(problems.found()).hasSize(1);
    assertThat(problems.found().get(0).what()).contains("table");
  }

  @Test
  void saysThatAFileIsMissing() {
    new ConfigFile(Set.of("table"), Set.of(), problems).read(folder.resolve("none.yaml"));
    assertThat(problems.found().get(0).what()).isEqualTo("cannot be read: it does not exist");
  }

  private Map<String, Setting> read(String yaml) throws IOException {
    Path file = Files.writeString(folder.resolve("zdm-osc.yaml"), yaml);
    Set<String> known = Set.of("table", "alter", "threads", "chunk-time", "yes", "config");
    return new ConfigFile(known, Set.of("yes", "config"), problems).read(file);
  }
}
