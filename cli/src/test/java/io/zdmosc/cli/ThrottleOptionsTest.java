package io.zdmosc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.cli.config.Problems;
import io.zdmosc.cli.config.Setting;
import io.zdmosc.cli.config.Settings;
import io.zdmosc.engine.throttle.Limit;
import io.zdmosc.engine.throttle.Throttling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThrottleOptionsTest {
  @TempDir private Path folder;

  private static Settings settings(String... namesAndValues) {
    Map<String, Setting> values = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      String name = namesAndValues[i];
      values.put(
          name, new Setting(name, namesAndValues[i + 1], Setting.Source.COMMAND_LINE, "--" + name));
    }
    return new Settings(values, new Problems());
  }

  @Test
  void readsWhatAMigrationGivesWayTo() {
    Settings settings =
        settings(
            "replica", "jdbc:mysql://r1/\njdbc:mysql://r2/?user=monitor",
            "throttle-query", "SELECT 1",
            "throttle-query-limit", "2:8",
            "throttle-file", "stop",
            "max-replica-lag", "2s:5s",
            "max-running", "40",
            "max-commit-time", "50ms");
    Throttling throttling = ThrottleOptions.read(settings, folder);
    assertThat(settings.problems().found()).isEmpty();
    assertThat(throttling.replicas())
        .containsExactly("jdbc:mysql://r1/", "jdbc:mysql://r2/?user=monitor");
    assertThat(throttling.query()).contains("SELECT 1");
    assertThat(throttling.file()).contains(folder.resolve("stop").toString());
    assertThat(throttling.limits().query()).contains(new Limit(2, 8));
    assertThat(throttling.limits().replicaLag()).contains(new Limit(2_000, 5_000));
    assertThat(throttling.limits().running()).contains(new Limit(20, 40));
    assertThat(throttling.limits().commitTime()).contains(new Limit(25, 50));
  }

  @Test
  void refusesPasswordsAndLimitsThatCannotBe() {
    Settings settings =
        settings(
            "replica", "jdbc:mysql://me:secret@r1/\njdbc:mysql://r2/?password=secret\nr3",
            "throttle-query-limit", "2",
            "max-running", "40:20",
            "max-commit-time", "soon");
    ThrottleOptions.read(settings, folder);
    assertThat(settings.problems().found()).hasSize(6);
    assertThat(settings.problems().found().toString()).doesNotContain("secret");
  }

  @Test
  void replicasMayBeAListInTheConfigFileAndRepeatedOnTheCommandLine() throws IOException {
    Tool tool = new Tool(folder);
    Files.writeString(
        folder.resolve("zdm-osc.yaml"),
        "replica:\n  - jdbc:mysql://r1/\n  - jdbc:mysql://r2/?password=x\nthreads: [1, 2]\n");
    assertThat(tool.run("run", "--url=jdbc:fake:x", "--table=t", "--alter=")).isEqualTo(2);
    assertThat(tool.err())
        .contains("replica in zdm-osc.yaml: holds a password")
        .contains("threads in zdm-osc.yaml: has no single value");
    assertThat(
            tool.run(
                "run",
                "--url=jdbc:fake:x",
                "--table=t",
                "--alter=",
                "--replica=nonsense",
                "--replica=jdbc:mysql://u:p@h/"))
        .isEqualTo(2);
    assertThat(tool.err()).contains("'nonsense' is not a JDBC URL", "part before the @");
  }
}
