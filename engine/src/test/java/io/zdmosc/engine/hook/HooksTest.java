package io.zdmosc.engine.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.concurrent.RunControl;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.plan.Plan.TableSize;
import io.zdmosc.engine.progress.MigrationListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class HooksTest {
  @TempDir private Path folder;

  private final List<String> notes = new ArrayList<>();
  private final RunControl control = new RunControl();

  private Path write(String name, String script) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return file;
  }

  private Hooks hooks(Duration timeout) {
    MigrationListener listener =
        new MigrationListener() {
          @Override
          public void onNote(String note) {
            notes.add(note);
          }
        };
    Plan plan =
        new Plan(
            "public.users",
            "public.users",
            "ADD x int",
            List.of("id"),
            "key",
            List.of(),
            List.of(),
            List.of(),
            new TableSize(0, 0, 0));
    return new Hooks(
        Optional.of(new HookSettings(folder.toString(), timeout)),
        listener,
        control,
        7,
        plan,
        "PostgreSQL 18, database shop");
  }

  @Test
  void callsTheHooksOfAnEventInOrderWithTheFacts() throws IOException {
    Path out = folder.resolve("out");
    write("zdm-osc-on-catching-up-2", "echo \"second $1\" >> " + out);
    write("zdm-osc-on-catching-up", "env | grep ^ZDM_ | sort >> " + out);
    write("zdm-osc-on-copying", "echo wrong >> " + out);
    Hooks hooks = hooks(Duration.ofSeconds(10));
    hooks.state(MigrationState.CATCHING_UP, "some detail");
    hooks.state(MigrationState.CATCHING_UP, "more of it");
    assertThat(notes).isEmpty();
    assertThat(Files.readAllLines(out))
        .containsExactly(
            "ZDM_ALTER=ADD x int",
            "ZDM_DETAIL=some detail",
            "ZDM_EVENT=catching-up",
            "ZDM_MIGRATION=7",
            "ZDM_SERVER=PostgreSQL 18, database shop",
            "ZDM_STATE=catching up",
            "ZDM_TABLE=public.users",
            "second catching-up");
  }

  @Test
  void failureIsANoteAndTheOthersAreCalled() throws IOException {
    Path out = folder.resolve("out");
    write("zdm-osc-on-copying", "echo no room >&2; exit 3");
    write("zdm-osc-on-copying-2", "touch " + out);
    hooks(Duration.ofSeconds(10)).state(MigrationState.COPYING, "");
    assertThat(notes).containsExactly("hook zdm-osc-on-copying ended with status 3: no room");
    assertThat(out).exists();
  }

  @Test
  void failureBeforeTheCutOverHoldsItBack() throws IOException {
    Path go = folder.resolve("go");
    write(
        "zdm-osc-on-before-cut-over",
        "test -e " + go + " || { echo not yet $ZDM_ATTEMPT; exit 1; }");
    Hooks hooks = hooks(Duration.ofSeconds(10));
    assertThat(hooks.beforeCutOver(4))
        .isEqualTo("hook zdm-osc-on-before-cut-over ended with status 1: not yet 4");
    Files.createFile(go);
    assertThat(hooks.beforeCutOver(5)).isEmpty();
    Files.delete(folder.resolve("zdm-osc-on-before-cut-over"));
    assertThat(hooks.beforeCutOver(6)).isEmpty();
    Files.delete(go);
    Files.delete(folder);
    assertThat(hooks.beforeCutOver(7)).contains("cannot be read");
    Files.createDirectory(folder);
  }

  @Test
  void hookThatTakesTooLongIsEndedWithWhatItHasStarted() throws Exception {
    Path late = folder.resolve("late");
    write("zdm-osc-on-ready", "(sleep 4; touch " + late + ") & wait");
    long begin = System.nanoTime();
    hooks(Duration.ofMillis(300)).state(MigrationState.READY, "");
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(3_800));
    assertThat(notes).containsExactly("hook zdm-osc-on-ready took longer than 300 ms");
    Thread.sleep(4_200);
    assertThat(late).doesNotExist();
  }

  @Test
  void stopEndsAHookButNotThatOfTheFailure() throws Exception {
    Path out = folder.resolve("out");
    write("zdm-osc-on-verifying", "sleep 30");
    write("zdm-osc-on-failure", "echo \"$ZDM_EXIT_STATUS $ZDM_ERROR\" > " + out);
    Hooks hooks = hooks(Duration.ofSeconds(40));
    CompletableFuture<Void> running =
        CompletableFuture.runAsync(() -> hooks.state(MigrationState.VERIFYING, ""));
    Thread.sleep(200);
    control.abort();
    running.get(25, TimeUnit.SECONDS);
    assertThat(notes).singleElement().asString().contains("was ended");
    hooks.failure(new MigrationFailedException("it broke", "", ""));
    assertThat(out).hasContent("3 it broke\n");
  }

  @Test
  void noSecretIsHandedOn() throws IOException {
    Path out = folder.resolve("out");
    write("zdm-osc-on-ready", "env > " + out);
    hooks(Duration.ofSeconds(10)).state(MigrationState.READY, "");
    assertThat(Files.readString(out)).contains("PATH=").doesNotContainIgnoringCase("PASSWORD");
    for (String name : List.of("PGPASSWORD", "MYSQL_PWD", "DB_PASSWD", "API_TOKEN", "app_secret")) {
      assertThat(HookProcess.isSecret(name)).as(name).isTrue();
    }
    for (String name : List.of("PATH", "PWD", "HOME", "PGHOST")) {
      assertThat(HookProcess.isSecret(name)).as(name).isFalse();
    }
  }

  @Test
  void refusesWhatWouldNotBeCalled() throws IOException {
    Optional<HookSettings> settings =
        Optional.of(new HookSettings(folder.toString(), HookSettings.DEFAULT_TIMEOUT));
    assertThatThrownBy(() -> Hooks.check(settings))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("holds no file");
    write("zdm-osc-on-swaped", "true");
    Files.writeString(folder.resolve("zdm-osc-on-success"), "#!/bin/sh\n");
    assertThatThrownBy(() -> Hooks.check(settings))
        .hasMessageContaining("zdm-osc-on-swaped: is not for any event")
        .hasMessageContaining("zdm-osc-on-success: is not executable");
    Files.delete(folder.resolve("zdm-osc-on-swaped"));
    Files.delete(folder.resolve("zdm-osc-on-success"));
    write("zdm-osc-on-success.sh", "true");
    write("zdm-osc-on-before-cut-over-1", "true");
    Hooks.check(settings);
    Hooks.check(Optional.empty());
  }
}
