package io.zdmosc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.spi.ControlStore.Unfinished;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CleanupCommandTest {
  private static final Unfinished DEAD =
      new Unfinished(3, "users", MigrationState.COPYING, false, List.of("table x", "slot y"));
  private static final Unfinished ALIVE =
      new Unfinished(4, "orders", MigrationState.VERIFYING, true, List.of("table z"));

  @TempDir private Path folder;

  private Tool tool;

  @BeforeEach
  void openTool() {
    tool = new Tool(folder);
  }

  @Test
  void saysThatNothingIsLeftBehind() {
    assertThat(cleanup()).isZero();
    assertThat(tool.out()).isEqualTo("Nothing is left behind.\n");
  }

  @Test
  void onlyShowsWhenNobodyAgrees() {
    tool.database.unfinished.addAll(List.of(DEAD, ALIVE));
    assertThat(cleanup()).isZero();
    assertThat(tool.out())
        .contains("migration 3 of users (copying): its process is gone\n  table x\n  slot y\n")
        .contains("migration 4 of orders (verifying): running, not touched")
        .contains("Nothing was removed.");
    assertThat(tool.database.removed).isEmpty();
  }

  @Test
  void removesTheDeadAndNeverTheLiving() {
    tool.database.unfinished.addAll(List.of(DEAD, ALIVE));
    assertThat(cleanup("--yes")).isZero();
    assertThat(tool.database.removed).containsExactly(DEAD);
    assertThat(tool.out()).contains("Removed migration 3 of users");
  }

  @Test
  void removesWhenSomebodyAgrees() {
    tool.database.unfinished.add(DEAD);
    tool.confirms = true;
    assertThat(cleanup()).isZero();
    assertThat(tool.database.removed).containsExactly(DEAD);
  }

  @Test
  void failsWhenSomethingCouldNotBeRemoved() {
    tool.database.unfinished.add(DEAD);
    tool.database.cannotRemove = List.of("slot y: in use");
    assertThat(cleanup("--yes")).isEqualTo(3);
    assertThat(tool.err()).contains("slot y: in use", "zdm-osc cleanup again");
  }

  @Test
  void showsAndRemovesWhatPlansHaveLeft() {
    tool.database.strays.add("table zdm_osc.x");
    assertThat(cleanup()).isZero();
    assertThat(tool.out())
        .contains("left by plans whose processes are gone:\n  table zdm_osc.x\n")
        .contains("Nothing was removed.");
    assertThat(cleanup("--yes")).isZero();
    assertThat(tool.out()).contains("Removed what plans had left.");
    assertThat(tool.database.strays).isEmpty();
  }

  @Test
  void writesJson() {
    tool.database.unfinished.add(DEAD);
    assertThat(cleanup("--yes", "--output=json")).isZero();
    assertThat(tool.out().lines())
        .hasSize(2)
        .anyMatch(line -> line.contains("\"event\":\"unfinished\"") && line.contains("slot y"))
        .anyMatch(line -> line.contains("\"event\":\"removed\""));
  }

  private int cleanup(String... more) {
    String[] arguments = new String[more.length + 2];
    arguments[0] = "cleanup";
    arguments[1] = "--url=jdbc:fake:x";
    System.arraycopy(more, 0, arguments, 2, more.length);
    return tool.run(arguments);
  }
}
