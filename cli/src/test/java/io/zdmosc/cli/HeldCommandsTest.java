package io.zdmosc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.Dependents;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.spi.ControlStore.Unfinished;
import io.zdmosc.engine.spi.Orders.Ending;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldCommandsTest {
  @TempDir private Path folder;

  private Tool tool;

  @BeforeEach
  void openTool() {
    tool = new Tool(folder);
  }

  @Test
  void whereNobodyFollowsTheOrderIsGivenAndCarriedOutFromHere() {
    unfinished(MigrationState.SWAPPED);
    assertThat(run("rollback", "--retire", "drop")).isEqualTo(2);
    assertThat(tool.database.orders.get(3L).ending()).contains(Ending.ROLLBACK_AND_DROP);
    assertThat(tool.database.resumed).containsExactly("3");
    assertThat(run("contract")).isEqualTo(2);
    assertThat(tool.database.orders.get(3L).ending()).contains(Ending.CONTRACT);
  }

  @Test
  void beforeTheSwapThereIsNothingToEnd() {
    unfinished(MigrationState.COPYING);
    for (String command : List.of("rollback", "contract", "follow")) {
      assertThat(run(command)).isEqualTo(2);
      assertThat(tool.err()).contains("has not been swapped yet");
    }
    assertThat(tool.database.orders).isEmpty();
  }

  @Test
  void afterTheSwapThereIsNothingToAbort() {
    unfinished(MigrationState.SWAPPED);
    assertThat(run("abort")).isEqualTo(2);
    assertThat(tool.err()).contains("zdm-osc rollback --id 3");
    assertThat(tool.database.removed).isEmpty();
  }

  @Test
  void dumpIsWrittenFirstAndNeverOverAnotherFile() throws Exception {
    unfinished(MigrationState.SWAPPED);
    run("contract", "--dump", "old.sql");
    assertThat(Files.readString(folder.resolve("old.sql"))).isEqualTo("dump of 3");
    tool.database.orders.clear();
    assertThat(run("contract", "--dump", "old.sql")).isEqualTo(2);
    assertThat(tool.err()).contains("exists already");
    assertThat(tool.database.orders).isEmpty();
  }

  @Test
  void whatIsForTheTimeBeforeTheSwapIsRefusedBehindIt() {
    unfinished(MigrationState.SWAPPED);
    for (String command : List.of("pause", "cut-over", "abort")) {
      assertThat(run(command)).as(command).isEqualTo(2);
      assertThat(tool.err()).contains("has been swapped").contains("zdm-osc contract --id 3");
    }
    assertThat(tool.database.orders).isEmpty();
  }

  @Test
  void reverseIsReadOnceForEachColumn() {
    assertThat(run("plan", "--table=t", "--alter=", "--reverse", "nothing")).isEqualTo(2);
    assertThat(tool.err()).contains("is not 'column = expression'");
    assertThat(run("plan", "--table=t", "--alter=", "--reverse", "a = 1", "--reverse", "A = 2"))
        .isEqualTo(2);
    assertThat(tool.err()).contains("is given twice");
    run(
        "plan",
        "--table=t",
        "--alter=",
        "--reverse",
        "cents = a = b",
        "--reverse",
        "\"O\"\"d\" = x");
    assertThat(tool.database.requests.get(tool.database.requests.size() - 1).reverse())
        .isEqualTo(Map.of("cents", "a = b", "O\"d", "x"));
  }

  @Test
  void viewsToBeDroppedAreReadOnceForEach() {
    run(
        "plan",
        "--table=t",
        "--alter=",
        "--drop-dependents",
        "a.b",
        "--drop-dependents",
        "\"C d\"");
    assertThat(tool.database.requests.get(tool.database.requests.size() - 1).dependents().drop())
        .containsExactly("a.b", "\"C d\"");
  }

  @Test
  void whatMayBecomeOfDependentsIsRead() {
    run(
        "plan",
        "--table=t",
        "--alter=",
        "--rebuild-materialized-views",
        "--allow-all-tables-publication",
        "dbz",
        "--allow-all-tables-publication=\"Q p\"");
    assertThat(tool.database.requests.get(tool.database.requests.size() - 1).dependents())
        .isEqualTo(new Dependents(List.of(), true, List.of("dbz", "\"Q p\"")));
  }

  private void unfinished(MigrationState state) {
    tool.database.unfinished.add(new Unfinished(3, "t", state, false, List.of()));
  }

  private int run(String command, String... more) {
    String[] all = new String[more.length + 2];
    all[0] = command;
    all[1] = "--url=jdbc:fake:x";
    System.arraycopy(more, 0, all, 2, more.length);
    return tool.run(all);
  }
}
