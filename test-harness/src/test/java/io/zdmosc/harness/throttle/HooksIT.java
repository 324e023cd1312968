package io.zdmosc.harness.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.hook.HookSettings;
import io.zdmosc.harness.workload.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs of the operator's that a real migration calls. */
@DisabledOnOs(OS.WINDOWS)
class HooksIT {
  @TempDir private Path folder;

  static List<Site> sites() {
    return Site.all();
  }

  @ParameterizedTest
  @MethodSource("sites")
  void hooksHearOfEachPhaseAndOneHoldsTheCutOverBack(Site site) throws Exception {
    Path out = folder.resolve("out");
    Path go = folder.resolve("go");
    for (String event :
        List.of(
            "planned",
            "prepared",
            "copying",
            "indexing",
            "verifying",
            "ready",
            "swapped",
            "success",
            "failure")) {
      write("zdm-osc-on-" + event, "echo $ZDM_EVENT of $ZDM_TABLE >> " + out);
    }
    write("zdm-osc-on-before-cut-over", "test -e " + go + " || { echo wait; exit 1; }");
    write("zdm-osc-on-catching-up", "echo tired; exit 7");
    HookSettings hooks = new HookSettings(folder.toString(), Duration.ofSeconds(20));
    try (ThrottledRun run =
        new ThrottledRun(
            site.database(), ThrottledRun.options().withThreads(16).withHooks(hooks))) {
      run.awaitNote("zdm-osc-on-before-cut-over ended with status 1: wait");
      assertThat(run.notes).contains("hook zdm-osc-on-catching-up ended with status 7: tired");
      assertThat(Files.readAllLines(out)).last().asString().startsWith("ready of ");
      Files.createFile(go);
      run.endsWell();
    }
    assertThat(Files.readAllLines(out))
        .extracting(line -> line.substring(0, line.indexOf(' ')))
        .containsExactly(
            "planned",
            "prepared",
            "copying",
            "indexing",
            "verifying",
            "ready",
            "swapped",
            "success");
  }

  private void write(String name, String script) throws Exception {
    Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
