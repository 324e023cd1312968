package io.zdmosc.cli.output;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.ExitCode;
import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.error.ZdmException;
import io.zdmosc.engine.plan.Estimate;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.progress.Progress;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.window.Outlook;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The fields of each event. Their names are a promise to scripts: they are added to, not changed.
 */
public final class JsonShape {
  private JsonShape() {}

  public static Map<String, Object> of(Plan plan) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("table", plan.table());
    fields.put("final_table", plan.finalTable());
    fields.put("alter", plan.alter());
    fields.put("key", plan.key());
    fields.put("identity", plan.identity());
    fields.put("rows", plan.size().rows());
    fields.put("table_bytes", plan.size().tableBytes());
    fields.put("index_bytes", plan.size().indexBytes());
    fields.put("columns", plan.columns().stream().map(JsonShape::of).toList());
    fields.put("steps", plan.steps().stream().map(JsonShape::of).toList());
    fields.put("warnings", plan.warnings());
    plan.wayBack().ifPresent(way -> fields.put("way_back", of(way)));
    return fields;
  }

  private static Map<String, Object> of(Plan.WayBack way) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("columns", way.columns().stream().map(JsonShape::of).toList());
    fields.put("missing", way.missing().stream().map(JsonShape::of).toList());
    fields.put("notes", way.notes());
    return fields;
  }

  static Map<String, Object> of(MigrationState state, String detail) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("state", state.label());
    fields.put("detail", detail);
    return fields;
  }

  static Map<String, Object> note(String note) {
    return Map.of("message", note);
  }

  static Map<String, Object> of(Progress progress) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("state", progress.state().label());
    fields.put("rows_done", progress.rowsDone());
    fields.put("rows_total", progress.rowsTotal());
    fields.put("rows_per_second", progress.rowsPerSecond());
    fields.put("eta_seconds", progress.etaSeconds() < 0 ? null : progress.etaSeconds());
    fields.put("lag_bytes", progress.lagBytes());
    fields.put("lag_ms", progress.lagMillis());
    fields.put("delta_keys", progress.deltaKeys());
    fields.put("changes_applied", progress.changesApplied());
    fields.put("chunk_ms", progress.chunkMillis());
    fields.put("chunk_rows", progress.chunkRows());
    fields.put("threads", progress.threads());
    fields.put("throttle", progress.throttle());
    fields.put("detail", progress.detail());
    progress.outlook().ifPresent(outlook -> fields.putAll(of(outlook)));
    return fields;
  }

  private static Map<String, Object> of(Outlook outlook) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("window_opens_at", outlook.opensAt().map(Instant::toString).orElse(null));
    fields.put("windows_left", outlook.windowsLeft() == 0 ? null : outlook.windowsLeft());
    fields.put("done_at", outlook.doneAt().map(Instant::toString).orElse(null));
    return fields;
  }

  static Map<String, Object> of(Estimate estimate) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("sample_rows", estimate.sampleRows());
    fields.put("seconds", thousandths(estimate.totalSeconds()));
    fields.put("copy_seconds", thousandths(estimate.copySeconds()));
    fields.put("index_seconds", thousandths(estimate.indexSeconds()));
    fields.put("verify_seconds", thousandths(estimate.verifySeconds()));
    fields.put("disk_bytes", estimate.diskBytes());
    fields.put("log_bytes", estimate.logBytes());
    return fields;
  }

  static Map<String, Object> of(Summary summary) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("state", summary.state().label());
    fields.put("migration", summary.migrationId());
    fields.put("dry_run", summary.dryRun().name().toLowerCase(Locale.ROOT));
    fields.put("rows_copied", summary.rowsCopied());
    fields.put("changes_applied", summary.changesApplied());
    fields.put("verified_rows", summary.verifiedRows());
    fields.put("divergent_rows", summary.divergentRows());
    fields.put("cut_over_stall_ms", thousandths(summary.cutOverStallMillis()));
    fields.put("cut_over_attempts", summary.cutOverAttempts());
    fields.put("seconds", thousandths(summary.seconds()));
    fields.put("table", summary.newTable());
    fields.put("retired_table", summary.retiredTable());
    fields.put("notes", summary.notes());
    return fields;
  }

  /** An error of ours, with the exit status that follows. */
  public static Map<String, Object> of(ZdmException error) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("kind", error.exitCode().name().toLowerCase(Locale.ROOT));
    fields.put("exit_code", error.exitCode().status());
    fields.put("message", error.getMessage());
    fields.put("state", error.state());
    fields.put("next", error.next());
    List<Problem> problems =
        error instanceof RefusedException refused ? refused.problems() : List.of();
    fields.put("problems", problems.stream().map(JsonShape::of).toList());
    return fields;
  }

  /** Anything else that was thrown: a bug. */
  public static Map<String, Object> ofBug(Throwable thrown) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("kind", "internal");
    fields.put("exit_code", ExitCode.INTERNAL.status());
    fields.put("message", thrown.toString());
    return fields;
  }

  private static double thousandths(double value) {
    return Math.round(value * 1_000) / 1_000.0;
  }

  private static Map<String, Object> of(Plan.ColumnPlan column) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", column.name());
    fields.put("type", column.type());
    fields.put("origin", column.origin());
    fields.put("compared", column.compared());
    return fields;
  }

  private static Map<String, Object> of(Plan.PlanStep step) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("what", step.what());
    fields.put("lock", step.lock());
    fields.put("held", step.held());
    return fields;
  }

  private static Map<String, Object> of(Problem problem) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("object", problem.object());
    fields.put("what", problem.what());
    fields.put("remedy", problem.remedy());
    return fields;
  }
}
