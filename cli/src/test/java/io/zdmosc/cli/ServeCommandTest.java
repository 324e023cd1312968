package io.zdmosc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.cli.output.Samples;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.schedule.EntryState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeCommandTest {
  @TempDir private Path folder;

  private Tool tool;

  @BeforeEach
  void openTool() {
    tool = new Tool(folder);
    tool.database.planner = request -> Samples.plan();
  }

  @Test
  void endsAtOnceWhenThereIsNothingToDo() throws Exception {
    assertThat(serve("--once", "--health-file=health.json")).isZero();
    assertThat(serve("--until-empty")).isZero();
    assertThat(tool.out())
        .contains("serving the schedule of a fake, 1 migration at a time")
        .contains("ended: 0 done, 0 failed, 0 to be gone on with");
    assertThat(Files.readString(folder.resolve("health.json")))
        .startsWith("{\"time\":\"")
        .contains("\"in_hand\":[],\"waiting\":0", "\"trouble\":\"\"");
    assertThat(folder.resolve("health.json.new")).doesNotExist();
    assertThat(tool.database.open).isZero();
  }

  @Test
  void keepsAFailureWithItsReasonAndSaysSoInItsExitStatus() {
    add();
    tool.database.planner =
        request -> {
          throw RefusedException.of("table public.users", "has a view", "Drop it.");
        };
    assertThat(serve("--once")).isEqualTo(3);
    assertThat(tool.out())
        .contains("entry 1 of public.users: begins: ALTER TABLE ... ADD COLUMN plan text")
        .contains("entry 1 of public.users: failed: table public.users: has a view; Drop it.")
        .contains("ended: 0 done, 1 failed");
    assertThat(tool.database.schedule.entries.get(1L).state()).isEqualTo(EntryState.FAILED);
    assertThat(serve("--until-empty")).as("it is not tried again").isZero();
  }

  @Test
  void tellsTheSameAsJson() {
    add();
    tool.database.planner =
        request -> {
          throw RefusedException.of("table public.users", "has a view", "Drop it.");
        };
    assertThat(serve("--once", "--output=json")).isEqualTo(3);
    assertThat(tool.out())
        .contains("\"event\":\"serve\"", "\"event\":\"taken\"")
        .contains("\"event\":\"outcome\"", "\"entry\":1", "\"outcome\":\"failed\"")
        .contains("\"event\":\"served\"", "\"failed\":1");
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThat(serve("--once", "--until-empty")).isEqualTo(2);
    assertThat(tool.err()).contains("--once and --until-empty: are both given");
    assertThat(serve("--parallel=0")).isEqualTo(2);
    assertThat(tool.err()).contains("--parallel: '0' must be from 1 to 64");
    assertThat(serve("--poll=1ms", "--parallel=many")).isEqualTo(2);
    assertThat(tool.err())
        .contains("--poll: '1ms' must be at least 100 ms", "--parallel: 'many' is not a whole");
    assertThat(tool.database.connections).isEmpty();
  }

  @Test
  void asksNobodyForAPassword() {
    tool.database.password = "s3cret";
    tool.typed = "s3cret";
    assertThat(serve("--once")).isEqualTo(2);
    assertThat(tool.err()).contains("password authentication failed");
  }

  private void add() {
    assertThat(
            tool.run(
                "schedule",
                "add",
                "--url=jdbc:fake:x",
                "--table=users",
                "--alter=ADD COLUMN plan text"))
        .isZero();
  }

  private int serve(String... more) {
    List<String> all = new ArrayList<>(List.of("serve", "--url=jdbc:fake:x", "--poll=100ms"));
    all.addAll(List.of(more));
    if (all.stream().anyMatch(it -> it.startsWith("--poll=1ms"))) {
      all.remove("--poll=100ms");
    }
    return tool.run(all.toArray(String[]::new));
  }
}
