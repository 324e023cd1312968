package io.zdmosc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.cli.output.Samples;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.durable.MigrationOrder;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.schedule.EntryState;
import io.zdmosc.engine.schedule.ScheduleEntry;
import io.zdmosc.engine.schedule.ScheduleEntry.OwnMigration;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScheduleCommandsTest {
  @TempDir private Path folder;

  private Tool tool;

  @BeforeEach
  void openTool() {
    tool = new Tool(folder);
    tool.database.planner = request -> Samples.plan();
  }

  @Test
  void keepsWhatWasAskedForByTheFullNameOfItsTable() {
    int status =
        add(
            "--threads=7",
            "--window=01:00-05:00 Europe/Berlin",
            "--not-before=2026-11-22 01:00 UTC",
            "--priority=5");

    assertThat(status).as(tool.err()).isZero();
    assertThat(tool.out()).contains("Entry 1 of public.users: waiting", "Next: zdm-osc serve");
    ScheduleEntry entry = tool.database.schedule.entries.get(1L);
    MigrationOrder order = entry.order();
    assertThat(order.request().table()).isEqualTo("public.users");
    assertThat(order.request().alter()).isEqualTo("ADD COLUMN plan text");
    assertThat(order.options().threads()).isEqualTo(7);
    assertThat(order.options().hours().work()).isEqualTo("01:00-05:00 Europe/Berlin");
    assertThat(entry.notBefore()).contains(Instant.parse("2026-11-22T01:00:00Z"));
    assertThat(entry.priority()).isEqualTo(5);
  }

  @Test
  void refusesAtOnceWhatCannotBeDone() {
    tool.database.planner =
        request -> {
          throw RefusedException.of("table users", "has a view", "Drop it.");
        };
    assertThat(add()).isEqualTo(2);
    assertThat(tool.err()).contains("has a view");
    assertThat(tool.database.schedule.entries).isEmpty();
  }

  @Test
  void refusesAtOnceASignalThatCannotBeAsked() {
    assertThat(add("--replica=jdbc:fake:replica")).isEqualTo(2);
    assertThat(tool.database.schedule.entries).isEmpty();
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThat(add("--dry-run", "--not-before=soon", "--priority=high")).isEqualTo(2);
    assertThat(tool.err())
        .contains("--dry-run: cannot be scheduled")
        .contains("--not-before: 'soon' is not a date with a time")
        .contains("--priority: 'high' is not a whole number");
    assertThat(tool.database.connections).isEmpty();
  }

  @Test
  void keepsNoPassword() {
    tool.environment.put("PGPASSWORD", "s3cret");
    tool.environment.put("MYSQL_PWD", "s3cret");
    assertThat(add()).isZero();
    assertThat(tool.database.schedule.entries.get(1L).toString()).doesNotContain("s3cret");
  }

  @Test
  void listsWhatEachEntryWaitsForOrCameTo() {
    assertThat(schedule("list")).isZero();
    assertThat(tool.out()).contains("Nothing is scheduled");
    add("--not-before=2999-01-01 00:00 UTC");
    add();
    add();
    add();
    add();
    OwnMigration driven = new OwnMigration(9, MigrationState.COPYING, "", true, true);
    OwnMigration orphan = new OwnMigration(9, MigrationState.COPYING, "", true, false);
    tool.database.schedule.put(3, EntryState.FAILED, "there was\na reason", Optional.empty());
    tool.database.schedule.put(4, EntryState.RUNNING, "", Optional.of(driven));
    tool.database.schedule.put(5, EntryState.RUNNING, "no server", Optional.of(orphan));

    assertThat(schedule("list")).isZero();
    assertThat(tool.out())
        .contains("Entry 1 of public.users: waiting", "not before 2999-01-01T00:00:00Z")
        .contains("Entry 2 of public.users: waiting", "for a process: zdm-osc serve")
        .contains("Entry 3 of public.users: failed", "1970-01-01T00:00:00Z: there was\n  a reason")
        .contains("Entry 4 of public.users: running", "migration 9, copying; 1@host is at it")
        .contains("its process (1@host) is gone; zdm-osc serve goes on with it\n  no server");
    assertThat(schedule("list", "--output=json")).isZero();
    assertThat(tool.out())
        .contains("\"event\":\"entry\"", "\"entry\":4", "\"migration_state\":\"copying\"");
  }

  @Test
  void removesWhatIsNotUnderWay() {
    add();
    assertThat(schedule("remove")).isEqualTo(2);
    assertThat(tool.err()).contains("--id: is missing");
    assertThat(schedule("remove", "--id=7")).isEqualTo(2);
    assertThat(tool.err()).contains("entry 7: does not exist");
    tool.database.schedule.taken = true;
    assertThat(schedule("remove", "--id=1")).isEqualTo(2);
    tool.database.schedule.taken = false;
    tool.database.schedule.put(
        1,
        EntryState.RUNNING,
        "",
        Optional.of(new OwnMigration(9, MigrationState.COPYING, "", true, false)));
    assertThat(schedule("remove", "--id=1")).isEqualTo(2);
    assertThat(tool.err()).contains("is under way as migration 9", "zdm-osc abort --id 9");
    tool.database.schedule.put(1, EntryState.FAILED, "no", Optional.empty());
    assertThat(schedule("remove", "--id=1")).isZero();
    assertThat(tool.database.schedule.entries).isEmpty();
  }

  @Test
  void addsWhatHasFailedOnceMore() {
    add("--threads=7", "--priority=5", "--not-before=2026-11-22 01:00 UTC");
    add();
    assertThat(schedule("retry")).isEqualTo(2);
    assertThat(tool.err()).contains("--id: is missing");
    assertThat(schedule("retry", "--id=9")).isEqualTo(2);
    assertThat(tool.err()).contains("entry 9: does not exist");
    assertThat(schedule("retry", "--id=1")).isEqualTo(2);
    assertThat(tool.err()).contains("entry 1: has not failed, it is waiting");
    tool.database.schedule.put(1, EntryState.FAILED, "a reason", Optional.empty());
    assertThat(schedule("list")).isZero();
    assertThat(tool.out()).contains("a reason", "zdm-osc schedule retry --id 1");

    tool.database.planner =
        request -> {
          throw RefusedException.of("table users", "has a view", "Drop it.");
        };
    assertThat(schedule("retry", "--id=1")).isEqualTo(2);
    assertThat(tool.err()).contains("has a view");
    assertThat(tool.database.schedule.entries).containsOnlyKeys(1L, 2L);

    tool.database.planner = request -> Samples.plan();
    assertThat(schedule("retry", "--id=1")).as(tool.err()).isZero();
    assertThat(tool.out()).contains("Entry 3 of public.users: waiting");
    assertThat(tool.database.schedule.entries).containsOnlyKeys(2L, 3L);
    ScheduleEntry anew = tool.database.schedule.entries.get(3L);
    assertThat(anew.order().options().threads()).isEqualTo(7);
    assertThat(anew.priority()).isEqualTo(5);
    assertThat(anew.notBefore()).contains(Instant.parse("2026-11-22T01:00:00Z"));
  }

  @Test
  void saysNothingOfAnotherTryWhereItWouldBeRefusedAgain() {
    add();
    String next = "Next: zdm-osc schedule remove --id 1, then add it anew: zdm-osc schedule add";
    tool.database.schedule.put(1, EntryState.FAILED, "mend it\n" + next, Optional.empty());
    assertThat(schedule("list")).isZero();
    assertThat(tool.out()).contains(next).doesNotContain("retry");
  }

  @Test
  void keepsWhatIsToBeHeldIfThereIsAWayBack() {
    assertThat(add("--hold")).isEqualTo(2);
    assertThat(tool.err()).contains("--hold: is not there yet for this kind of database");
    Plan.WayBack open = new Plan.WayBack(List.of(), List.of(), List.of());
    tool.database.planner = request -> Samples.plan().withWayBack(open);
    assertThat(add("--hold", "--reverse=name = title")).as(tool.err()).isZero();
    MigrationOrder order = tool.database.schedule.entries.get(1L).order();
    assertThat(order.request().hold()).isTrue();
    assertThat(order.request().reverse()).containsEntry("name", "title");
  }

  @Test
  void explainsItsCommands() {
    assertThat(tool.run("schedule")).isEqualTo(2);
    assertThat(tool.err()).contains("Usage: zdm-osc schedule", "add", "remove");
    assertThat(tool.run("schedule", "ad")).isEqualTo(2);
    assertThat(tool.err()).contains("ad: is not a command", "Did you mean 'add'?");
    assertThat(tool.run("schedule", "add", "--tabel=x")).isEqualTo(2);
    assertThat(tool.err()).contains("is not an option of 'zdm-osc schedule add'");
    assertThat(tool.run("schedule", "add", "--help")).isZero();
    assertThat(tool.out()).contains("Usage: zdm-osc schedule add", "--not-before", "--window");
  }

  private int add(String... more) {
    List<String> all = new ArrayList<>(List.of("--table=users", "--alter=ADD COLUMN plan text"));
    all.addAll(List.of(more));
    return schedule("add", all.toArray(String[]::new));
  }

  private int schedule(String command, String... more) {
    List<String> all = new ArrayList<>(List.of("schedule", command, "--url=jdbc:fake:x"));
    all.addAll(List.of(more));
    return tool.run(all.toArray(String[]::new));
  }
}
