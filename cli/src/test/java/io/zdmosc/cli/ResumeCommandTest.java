package io.zdmosc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.spi.ControlStore.Unfinished;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumeCommandTest {
  @TempDir private Path folder;

  private Tool tool;

  @BeforeEach
  void openTool() {
    tool = new Tool(folder);
  }

  @Test
  void theOnlyOneNeedsNoName() {
    unfinished(3, "public.users");
    assertThat(resume()).isEqualTo(2);
    assertThat(tool.database.resumed).containsExactly("3");
    assertThat(tool.err()).contains("is a fake");
  }

  @Test
  void byTableHoweverItIsQuoted() {
    unfinished(3, "public.users");
    unfinished(4, "public.\"Users\"");
    unfinished(5, "`shop`.`orders`");
    resume("--table", "\"Users\"");
    resume("--table", "public.users");
    resume("--table", "orders");
    assertThat(tool.database.resumed).containsExactly("4", "3", "5");
  }

  @Test
  void byNumberAndFromAProcessThatIsAlive() {
    unfinished(3, "public.users");
    unfinished(4, "public.orders");
    resume("--id", "4", "--take-over");
    assertThat(tool.database.resumed).containsExactly("4 taken over");
  }

  @Test
  void ofSeveralNoneIsGuessed() {
    unfinished(3, "a.users");
    unfinished(4, "b.users");
    assertThat(resume("--table", "users")).isEqualTo(2);
    assertThat(tool.err()).contains("more than one", "3 of a.users (copying)", "4 of b.users");
    assertThat(tool.database.resumed).isEmpty();
  }

  @Test
  void refusesWhatIsNotThere() {
    assertThat(resume()).isEqualTo(2);
    assertThat(tool.err()).contains("this database: has no unfinished migration");
    ;
    assertThat(resume("--table", "b")).isEqualTo(2);
    assertThat(tool.err()).contains("b: there is no such unfinished migration", "None is unf");
    unfinished(3, "a.users");
    assertThat(resume("--id", "7")).isEqualTo(2);
    assertThat(tool.err()).contains("migration 7", "3 of a.users");
    assertThat(resume("--id", "x")).isEqualTo(2);
    assertThat(tool.err()).contains("is not a whole number");
    assertThat(tool.database.resumed).isEmpty();
  }

  private void unfinished(long id, String table) {
    tool.database.unfinished.add(
        new Unfinished(id, table, MigrationState.COPYING, false, List.of()));
  }

  private int resume(String... more) {
    String[] all = new String[more.length + 2];
    all[0] = "resume";
    all[1] = "--url=jdbc:fake:x";
    System.arraycopy(more, 0, all, 2, more.length);
    return tool.run(all);
  }
}
