package io.zdmosc.cli.output;

import io.zdmosc.engine.DryRun;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.progress.Progress;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.window.Outlook;
import java.util.List;
import java.util.Optional;

/** What a migration might tell. */
public final class Samples {
  private Samples() {}

  public static Plan plan() {
    return new Plan(
        "public.users",
        "public.users",
        "ADD COLUMN plan text",
        List.of("id"),
        "users_pkey (primary key)",
        List.of(
            new Plan.ColumnPlan("id", "bigint", "id", true),
            new Plan.ColumnPlan("plan", "text", "its default", false)),
        List.of(
            new Plan.PlanStep("copy", "", ""),
            new Plan.PlanStep("cut-over", "ACCESS EXCLUSIVE", "at most 500 ms")),
        List.of("views keep their old definition"),
        new Plan.TableSize(200_000, 30 << 20, 12 << 20));
  }

  public static Progress progress(String throttle) {
    return progress(throttle, Optional.empty());
  }

  public static Progress progress(String throttle, Outlook outlook) {
    return progress(throttle, Optional.of(outlook));
  }

  private static Progress progress(String throttle, Optional<Outlook> outlook) {
    return new Progress(
        MigrationState.COPYING,
        104_600,
        200_000,
        38_200,
        2,
        1_200_000,
        300,
        1_204,
        35_000,
        480,
        12_000,
        2,
        throttle,
        "",
        outlook);
  }

  public static Progress progressWithoutTotal() {
    return new Progress(
        MigrationState.CATCHING_UP,
        0,
        0,
        0,
        -1,
        512,
        20,
        1,
        35_000,
        0,
        0,
        1,
        "",
        "one key left",
        Optional.empty());
  }

  public static Summary summary() {
    return new Summary(
        7,
        MigrationState.SWAPPED,
        DryRun.NONE,
        200_000,
        35_000,
        201_000,
        0,
        12.5,
        2,
        31.4,
        "public.users",
        "public.users_zdm_old",
        List.of("drop the old table when you are done with it"));
  }
}
